import { AbortedError, CodexError, type ErrorCode, partialResultOf } from "../index.js";
import { CliError } from "./cli-error.js";
import type { CliHost } from "./cli-host.js";
import { ReaderLeftError } from "./reader-left-error.js";
import { toPrintable } from "./render/printable.js";

export interface DescribeOptions {
  /** Adds the stacks, for `DEBUG=codexkit`. */
  readonly debug: boolean;
}

/** Tells of an error on stderr, but where the command ended because nobody reads what it prints. */
export function reportError(error: unknown, { env, err, signal }: Pick<CliHost, "env" | "err" | "signal">): void {
  if (!(signal.reason instanceof ReaderLeftError)) err(describeError(error, { debug: wantsDebug(env) }));
}

/** An error as the lines a user needs: its code, what happened, what to do. */
export function describeError(error: unknown, { debug }: DescribeOptions): string {
  const lines = [`codexkit: ${headline(error)}`, `  ${adviceFor(error)}`];
  // Its words may be those of the model's service, or of a file.
  return `${toPrintable([...lines, ...(debug ? stacksOf(error) : [])].join("\n"))}\n`;
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
  IMAGE_UNREADABLE: "Give --image a PNG, JPEG, GIF or WebP file.",
  INVALID_SCHEMA: "Give --output-schema a JSON Schema whose top is an object with all its properties listed.",
  NOT_A_GIT_REPOSITORY: "Run it in a repository, name one with --cd, or pass --skip-git-repo-check.",
  OUTPUT_INVALID: "Ask again, or say in the prompt what the answer must hold.",
  BINARY_NOT_FOUND: "Run `npm install @openai/codex`, or name the binary with `CODEX_PATH`.",
  NOT_CODEX: "Name codex itself with `CODEX_PATH`, or unset it to use the npm package `@openai/codex`.",
  PEER_MISSING: "It is optional: only what needs it does not work without it.",
  PROCESS_EXITED: doctor,
  SCRIPT_MISMATCH: `Codex did otherwise than the script expects. ${doctor}`,
  THREAD_BUSY: "Wait until the other program is done with the thread, or start a new one.",
  THREAD_NOT_FOUND: "See that the id and CODEX_HOME are right, or leave --resume away to start a new thread.",
  TURN_FAILED: doctor,
};

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  for (let current = error; current instanceof Error && stacks.length < 10; current = current.cause) {
    stacks.push(current.stack ?? String(current));
  }
  return stacks;
}
