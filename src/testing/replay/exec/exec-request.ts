import type { JsonObject, JsonValue } from "../../../internal/json.js";
import { isLineOf, lineText, type RecordedProcess } from "../../record/recording.js";
import { readExecArgv } from "../../fakes/exec/exec-argv.js";
import { fileName } from "../request-matcher.js";

/** The input of a process of `codex exec`. */
export interface ExecCall {
  readonly argv: readonly string[];
  readonly stdin: string;
  /** The content of the file that `--output-schema` names. */
  readonly outputSchema: JsonValue | undefined;
}

/** Returns the request of a call as one comparable value, independent of the form of its arguments. */
export function readExecRequest({ argv, stdin, outputSchema }: ExecCall): JsonObject {
  const { resume, model, sandbox } = readExecArgv(argv);
  const { images, prompt } = readWords(argv);
  return {
    prompt: prompt === undefined || prompt === "-" ? stdin : [prompt, stdin].filter((text) => text !== "").join("\n\n"),
    resume,
    images,
    outputSchema,
    model,
    sandbox: sandbox?.type,
  };
}

/** Returns the call of a recorded process. */
export function recordedCall({ start, entries }: RecordedProcess): ExecCall {
  const lines = entries.flatMap((entry) => (isLineOf(entry, "stdin") ? [entry] : []));
  const texts = lines.map((line) => (line.tail === undefined ? `${lineText(line)}\n` : lineText(line)));
  return { argv: start.argv, stdin: texts.join(""), outputSchema: start.outputSchema };
}

/** Returns the path of the output schema, or undefined if the call has none. */
export function schemaPathOf(argv: readonly string[]): string | undefined {
  const at = argv.indexOf("--output-schema");
  if (at !== -1) return argv[at + 1];
  return argv.find((word) => word.startsWith("--output-schema="))?.slice("--output-schema=".length);
}

/** Returns the file names of the images, and the prompt if it is an argument. */
function readWords(argv: readonly string[]): { readonly images: string[]; readonly prompt: string | undefined } {
  const images: string[] = [];
  const words: string[] = [];
  let option: string | undefined;
  for (const word of argv.slice(argv.indexOf("exec") + 1)) {
    const [name, value] = splitOption(word);
    if (name.startsWith("-") && name !== "-") {
      option = value === undefined && withValue.has(name) ? name : undefined;
      if (imageOptions.has(name) && value !== undefined) images.push(value);
      continue;
    }
    if (option === undefined) words.push(word);
    else if (imageOptions.has(option)) images.push(word);
    // Codex treats all words after `--image` as images, up to the next option.
    if (option !== undefined && !imageOptions.has(option)) option = undefined;
  }
  const isResumed = words[0] === "resume";
  const promptAt = isResumed ? (argv.includes("--last") ? 1 : 2) : 0;
  const names = images.flatMap((list) => list.split(",")).map(fileName);
  return { images: names, prompt: words[promptAt] };
}

function splitOption(word: string): [name: string, value?: string] {
  const at = word.startsWith("--") ? word.indexOf("=") : -1;
  return at === -1 ? [word] : [word.slice(0, at), word.slice(at + 1)];
}

const imageOptions: ReadonlySet<string> = new Set(["-i", "--image"]);

/** The options of `codex exec` that take a value. */
const withValue: ReadonlySet<string> = new Set([
  ...imageOptions,
  ...["-c", "--config", "-m", "--model", "-p", "--profile", "-s", "--sandbox", "-C", "--cd", "-o"],
  ...["--enable", "--disable", "--local-provider", "--add-dir", "--output-schema", "--output-last-message", "--color"],
  ...["--thread-source", "--cyber-access-program"],
]);
