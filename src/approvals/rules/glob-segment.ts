import { globError } from "./glob-error.js";

/** The part of a glob for one name of a path. */
export interface Segment {
  /** `null` is `*`: any number of characters. */
  readonly tokens: readonly (CharTest | null)[];
  /** Whether a name that begins with a dot can match. */
  readonly takesDot: boolean;
}

type CharTest = (char: string) => boolean;

/** Counts comparisons, so that a test can bound the work. */
export interface Steps {
  count: number;
}

interface Source {
  readonly option: string;
  readonly glob: string;
  /** Names that begin with a dot match every segment. Otherwise the segment must begin with the dot. */
  readonly dot: boolean;
}

/** Parses the text between two slashes. Throws an `OptionError` for syntax that is not supported. */
export function parseSegment(text: string, { option, glob, dot }: Source): Segment {
  const chars = Array.from(text);
  const tokens: (CharTest | null)[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at] ?? "";
    if ("*?+@!".includes(char) && chars[at + 1] === "(")
      throw globError(option, glob, "is an extglob, which is not supported; write alternatives as `{a,b}`");
    if (char === "[") {
      const close = endOfClass(chars, at);
      if (close < 0) throw globError(option, glob, "has a `[` that no `]` closes; write `\\[` for the character");
      tokens.push(parseClass(chars.slice(at + 1, close), { option, glob, dot }));
      at = close + 1;
      continue;
    }
    if (char === "*") {
      if (tokens.at(-1) !== null) tokens.push(null);
    } else if (char === "?") tokens.push(() => true);
    else {
      if (char === "\\") at += 1;
      const literal = chars[at];
      if (literal === undefined) throw globError(option, glob, "has a `\\` without a character behind it");
      tokens.push((other) => other === literal);
    }
    at += 1;
  }
  return { tokens, takesDot: dot || text.startsWith(".") || text.startsWith("\\.") };
}

/** A `]` directly behind `[` or `[!` is a character of the class. */
function endOfClass(chars: readonly string[], open: number): number {
  const negated = chars[open + 1] === "!" || chars[open + 1] === "^";
  return chars.indexOf("]", open + (negated ? 3 : 2));
}

function parseClass(chars: readonly string[], { option, glob }: Source): CharTest {
  const negated = chars[0] === "!" || chars[0] === "^";
  const members = negated ? chars.slice(1) : chars;
  if (members.includes("[") || members.includes("\\"))
    throw globError(option, glob, "has `[` or `\\` inside a class, which is not supported");
  const ranges: { readonly from: number; readonly to: number }[] = [];
  for (let at = 0; at < members.length; at += 1) {
    const from = codeOf(members[at]);
    const isRange = members[at + 1] === "-" && at + 2 < members.length;
    const to = isRange ? codeOf(members[at + 2]) : from;
    if (to < from) throw globError(option, glob, "has a class whose range is reversed");
    ranges.push({ from, to });
    if (isRange) at += 2;
  }
  return (char) => {
    const code = codeOf(char);
    return ranges.some(({ from, to }) => code >= from && code <= to) !== negated;
  };
}

function codeOf(char: string | undefined): number {
  return char?.codePointAt(0) ?? 0;
}

/** The two-pointer algorithm of wildcards: after a mismatch only the last `*` takes one character more. */
export function segmentFits({ tokens, takesDot }: Segment, name: readonly string[], steps: Steps): boolean {
  steps.count += 1;
  if (name[0] === "." && !takesDot) return false;
  let at = 0;
  let char = 0;
  let star: { readonly next: number; taken: number } | null = null;
  while (char < name.length) {
    steps.count += 1;
    const token = tokens[at];
    if (token === null) {
      at += 1;
      star = { next: at, taken: char };
    } else if (token?.(name[char] ?? "") === true) {
      at += 1;
      char += 1;
    } else {
      if (star === null) return false;
      star.taken += 1;
      at = star.next;
      char = star.taken;
    }
  }
  return tokens.slice(at).every((token) => token === null);
}
