import { AbortedError, CodexError, type ErrorCode, partialResultOf } from "../index.js";
import { CliError } from "./cli-error.js";
import type { CliHost } from "./cli-host.js";
import { OutputClosedError } from "./output-closed-error.js";
import { toPrintable } from "./render/printable.js";

export interface DescribeOptions {
  /** Adds the stacks, for `DEBUG=codexkit`. */
  readonly debug: boolean;
}

/** Prints an error on stderr, unless the command ended because its output was closed. */
export function reportError(error: unknown, { env, err, signal }: Pick<CliHost, "env" | "err" | "signal">): void {
  if (!(signal.reason instanceof OutputClosedError)) err(describeError(error, { debug: wantsDebug(env) }));
}

/** Renders an error for the user: its code, its message and advice. */
export function describeError(error: unknown, { debug }: DescribeOptions): string {
  const lines = [`codexkit: ${headline(error)}`, `  ${adviceFor(error)}`];
  // The message may contain text of the model's service or of a file.
  return `${toPrintable([...lines, ...(debug ? stacksOf(error) : [])].join("\n"))}\n`;
}

/** Returns the error to report. After an interrupt that is an `AbortedError`, because the interrupt caused the failure. */
export function toReportedError(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? new AbortedError(signal.reason, { result: partialResultOf(error) }) : error;
}

/** Returns true if `DEBUG` contains `codexkit` or `*`. */
export function wantsDebug(env: Readonly<Record<string, string | undefined>>): boolean {
  return (env["DEBUG"] ?? "").split(/[\s,]+/).some((name) => name === "*" || /^codexkit(:|$)/.test(name));
}

function headline(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return CodexError.isInstance(error) ? `${error.code}: ${error.message}` : error.message;
}

function adviceFor(error: unknown): string {
  if (error instanceof CliError) return error.advice;
  const advice = CodexError.isInstance(error) ? codeAdvice[error.code] : undefined;
  return advice ?? "Set DEBUG=codexkit to print the stack.";
}

const doctor = "Run `codexkit doctor` to check codex on this machine.";

const codeAdvice: Partial<Record<ErrorCode, string>> = {
  ABORTED: "The command was interrupted and has cleaned up.",
  BINARY_NOT_EXECUTABLE: doctor,
  CONFIG_INVALID: doctor,
  HOME_UNUSABLE: doctor,
  IMAGE_UNREADABLE: "Set --image to a PNG, JPEG, GIF or WebP file.",
  INVALID_SCHEMA: "Set --output-schema to a JSON Schema of an object that lists all its properties.",
  BINARY_WRITABLE: "Set --codex-path to a codex elsewhere, --cd to another directory, or pass --allow-writable-binary.",
  MCP_SERVER_FAILED: doctor,
  NOT_A_GIT_REPOSITORY: "Run the command in a git repository, set --cd to one, or pass --skip-git-repo-check.",
  OUTPUT_INVALID: "Run the command again, or describe the expected answer in the prompt.",
  BINARY_NOT_FOUND: `Run \`npm install @openai/codex\`, or set \`CODEX_PATH\` to the binary.`,
  NOT_CODEX: "Set `CODEX_PATH` to the codex binary, or unset it to use the npm package `@openai/codex`.",
  PEER_MISSING: "The package is optional. Only the feature that needs it is unavailable without it.",
  PROCESS_EXITED: doctor,
  PROVIDER_KEY_MISSING: doctor,
  SCRIPT_MISMATCH: `Codex deviated from the script. ${doctor}`,
  THREAD_BUSY:
    "End the other program, which holds a thread also while it is idle, or omit --resume to start a new thread.",
  THREAD_DAMAGED: "Restore the file that the message names, or omit --resume to start a new thread.",
  THREAD_NOT_FOUND: "Check the id and CODEX_HOME, or omit --resume to start a new thread.",
  TMPDIR_UNUSABLE: doctor,
  TURN_FAILED: doctor,
};

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  for (let current = error; current instanceof Error && stacks.length < 10; current = current.cause) {
    stacks.push(current.stack ?? String(current));
  }
  return stacks;
}
