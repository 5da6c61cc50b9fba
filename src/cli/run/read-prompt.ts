import { addAbortSignal } from "node:stream";
import { CliError } from "../cli-error.js";
import type { CliHost } from "../cli-host.js";

/** Over what codex takes, in bytes, so that reading ends where the input does not. */
const maxPromptBytes = 4 * 1024 * 1024;

const advice = 'Give it in quotes, as in `codexkit run "Explain the build"`, or pipe it in.';

/** The prompt as it was given, or from stdin for `-` and for none. Throws a `CliError` where there is none. */
export async function readPrompt(given: string | undefined, host: CliHost): Promise<string> {
  if (given === undefined && host.stdin.isTerminal) throw new CliError("usage", "There is no prompt.", { advice });
  const prompt = given === undefined || given === "-" ? await readStdin(host) : given;
  if (prompt.trim() === "") throw new CliError("usage", "The prompt is empty.", { advice });
  return prompt;
}

async function readStdin({ stdin, err, signal }: CliHost): Promise<string> {
  if (stdin.isTerminal) err("Type the prompt, and end it with Ctrl-D on a line of its own.\n");
  const input: AsyncIterable<unknown> = addAbortSignal(signal, stdin.open());
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    const bytes = chunk instanceof Uint8Array ? Buffer.from(chunk) : Buffer.from(String(chunk));
    chunks.push(bytes);
    size += bytes.length;
    if (size > maxPromptBytes)
      throw new CliError("usage", "The prompt on stdin is too large for codex.", { advice: tooLarge });
  }
  return decode(Buffer.concat(chunks));
}

const tooLarge = "Codex takes 1,048,576 characters. Put the text into a file, and let codex read that.";

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError("usage", "The prompt on stdin is not UTF-8 text.", {
      advice: "Give images with --image, and name other files in the prompt.",
      cause,
    });
  }
}
