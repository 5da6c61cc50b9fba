import { CodexError, type ErrorCode } from "../index.js";
import { CliError } from "./cli-error.js";

/** What the process's exit code says. `docs/cli.md` documents the same table. */
export const exitCodes = {
  ok: 0,
  /** The work was done and did not succeed: the turn failed, the test is still red, a check failed. */
  failed: 1,
  /** A wrong command, option or value, also one that shows as wrong only later, such as a thread that is not there. */
  usage: 2,
  /** No codex binary that can be used. */
  noCodex: 3,
  /** The machine lacks something: git, a writable folder, a login, an optional package. */
  environment: 4,
  /** Ctrl-C, a signal to end, or a reader of the output that left. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The exit code of a command that threw. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return exitCodes[error.kind];
  if (!CodexError.isInstance(error)) return exitCodes.failed;
  if (error.code === "ABORTED") return exitCodes.interrupted;
  if (error.code === "PEER_MISSING") return exitCodes.environment;
  if (withoutUsableCodex.has(error.code)) return exitCodes.noCodex;
  return wrongUsage.has(error.code) ? exitCodes.usage : exitCodes.failed;
}

const withoutUsableCodex: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "BINARY_NOT_FOUND",
  "BINARY_NOT_EXECUTABLE",
  "NOT_CODEX",
  "UNSUPPORTED_VERSION",
]);

const wrongUsage: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "IMAGE_UNREADABLE",
  "INPUT_EMPTY",
  "INPUT_TOO_LARGE",
  "INVALID_OPTION",
  "INVALID_SCHEMA",
  "INVALID_THREAD_ID",
  "NOT_A_GIT_REPOSITORY",
  "THREAD_NOT_FOUND",
  "WORKING_DIRECTORY_MISSING",
]);
