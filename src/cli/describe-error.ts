import { AbortedError, CodexError, type ErrorCode, partialResultOf } from "../index.js";
import { CliError } from "./cli-error.js";

export interface DescribeOptions {
  /** Adds the stacks, for `DEBUG=codexkit`. */
  readonly debug: boolean;
}

/** An error as the lines a user needs: its code, what happened, what to do. */
export function describeError(error: unknown, { debug }: DescribeOptions): string {
  const lines = [`codexkit: ${headline(error)}`, `  ${adviceFor(error)}`];
  return [...lines, ...(debug ? stacksOf(error) : [])].join("\n") + "\n";
}

/** The error to tell of: after an interrupt, whatever broke then broke because of it. */
export function toReportedError(error: unknown, signal: AbortSignal): unknown {
  return signal.aborted ? new AbortedError(signal.reason, { result: partialResultOf(error) }) : error;
}

/** True where the environment asks for stacks: `DEBUG` is `codexkit`, or names it in a list. */
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
  return advice ?? "Set DEBUG=codexkit to see where it comes from.";
}

const doctor = "Run `codexkit doctor` to see what codex lacks on this machine.";

const codeAdvice: Partial<Record<ErrorCode, string>> = {
  ABORTED: "It was interrupted; nothing is left behind.",
  BINARY_NOT_EXECUTABLE: doctor,
  CONFIG_INVALID: doctor,
  BINARY_NOT_FOUND: "Run `npm install @openai/codex`, or name the binary with `CODEX_PATH`.",
  NOT_CODEX: "Name codex itself with `CODEX_PATH`, or unset it to use the npm package `@openai/codex`.",
  PROCESS_EXITED: doctor,
  SCRIPT_MISMATCH: `Codex did otherwise than the script expects. ${doctor}`,
  TURN_FAILED: doctor,
};

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  for (let current = error; current instanceof Error && stacks.length < 10; current = current.cause) {
    stacks.push(current.stack ?? String(current));
  }
  return stacks;
}
