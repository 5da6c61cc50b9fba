import { CodexError, type ErrorCode } from "../index.js";
import { CliError } from "./cli-error.js";

/** The exit codes of the process. `docs/cli.md` documents the same table. */
export const exitCodes = {
  ok: 0,
  /** The work has ended without success: the turn failed, the test still fails, or a check failed. */
  failed: 1,
  /** A wrong command, option or value, including values that are checked later, such as the id of a thread. */
  usage: 2,
  /** No usable codex binary. */
  noCodex: 3,
  /** The machine lacks something: git, a writable folder, a login, an optional package. */
  environment: 4,
  /** The time limit of the command has passed. The same code as that of `timeout` of coreutils. */
  timedOut: 124,
  /** Ctrl-C, another signal, or a closed output. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Returns the exit code of a command that threw `error`. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof CliError) return exitCodes[error.kind];
  if (!CodexError.isInstance(error)) return exitCodes.failed;
  if (error.code === "ABORTED") return exitCodes.interrupted;
  if (error.code === "TURN_TIMEOUT") return exitCodes.timedOut;
  if (poorMachine.has(error.code)) return exitCodes.environment;
  if (withoutUsableCodex.has(error.code)) return exitCodes.noCodex;
  return wrongUsage.has(error.code) ? exitCodes.usage : exitCodes.failed;
}

const poorMachine: ReadonlySet<ErrorCode> = new Set<ErrorCode>(["HOME_UNUSABLE", "PEER_MISSING", "TMPDIR_UNUSABLE"]);

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
