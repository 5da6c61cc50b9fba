import { addAbortSignal } from "node:stream";
import { CliError } from "../cli-error.js";
import type { CliHost } from "../cli-host.js";

/** A size in bytes above the limit of codex, so that reading an endless input stops. */
const maxPromptBytes = 4 * 1024 * 1024;

const advice = 'Pass the prompt in quotes, as in `codexkit run "Explain the build"`, or pipe it to stdin.';

/** Returns the prompt argument, or reads stdin if it is `-` or missing. Throws a `CliError` if there is no prompt. */
export async function readPrompt(argument: string | undefined, host: CliHost): Promise<string> {
  if (argument === undefined && host.stdin.isTerminal) throw new CliError("usage", "There is no prompt.", { advice });
  const prompt = argument === undefined || argument === "-" ? await readStdin(host) : argument;
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

const tooLarge = "Codex accepts 1,048,576 characters. Write the text to a file and let codex read it.";

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new CliError("usage", "The prompt on stdin is not UTF-8 text.", {
      advice: "Pass images with --image, and refer to other files in the prompt.",
      cause,
    });
  }
}
