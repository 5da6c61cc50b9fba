import { globError } from "./glob-error.js";

/** The limit of alternatives. More would multiply the work of each test. */
const mostAlternatives = 256;

/**
 * Returns the globs that a glob with `{a,b}` stands for. A backslash takes the next character literally, also for the result.
 * Throws an `OptionError` for braces without a comma (a range, a typo), unbalanced braces and too many alternatives.
 */
export function expandBraces(glob: string, option: string): readonly string[] {
  const { texts, end } = readAlternatives(glob, 0, { option, glob, depth: 0 });
  if (end < glob.length) throw globError(option, glob, "has a `}` without `{`; write `\\}` for the character");
  return texts;
}

interface Place {
  readonly option: string;
  readonly glob: string;
  /** The number of open braces. */
  readonly depth: number;
}

interface Alternatives {
  readonly texts: readonly string[];
  /** The position of the `,` or `}` that ended them, or the end of the text. */
  readonly end: number;
}

function readAlternatives(text: string, start: number, place: Place): Alternatives {
  const { option, glob, depth } = place;
  let texts: readonly string[] = [""];
  let at = start;
  while (at < text.length) {
    const char = text.charAt(at);
    if (char === "}" || (char === "," && depth > 0)) break;
    if (char !== "{") {
      const taken = char === "\\" ? text.slice(at, at + 2) : char;
      texts = texts.map((each) => each + taken);
      at += taken.length;
      continue;
    }
    const inner = readBraces(text, at, place);
    texts = texts.flatMap((each) => inner.texts.map((choice) => each + choice));
    if (texts.length > mostAlternatives)
      throw globError(option, glob, `stands for more than ${mostAlternatives} alternatives`);
    at = inner.end;
  }
  return { texts, end: at };
}

/** Reads `{a,b}`. The end is the position behind it. */
function readBraces(text: string, open: number, { option, glob, depth }: Place): Alternatives {
  const choices: string[] = [];
  let count = 0;
  let at = open;
  do {
    const inner = readAlternatives(text, at + 1, { option, glob, depth: depth + 1 });
    choices.push(...inner.texts);
    count += 1;
    at = inner.end;
  } while (text.charAt(at) === ",");
  if (text.charAt(at) !== "}")
    throw globError(option, glob, "has a `{` that no `}` closes; write `\\{` for the character");
  if (count < 2) throw globError(option, glob, "has braces without a comma; write alternatives as `{a,b}`");
  return { texts: choices, end: at + 1 };
}
