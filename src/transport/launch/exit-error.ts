import type { CodexError } from "../../errors/codex-error.js";
import { ProcessExitedError } from "../../process/spawn/process-exited-error.js";
import { toThreadError } from "./codex-errors.js";
import { toHomeError } from "./home-error.js";

export interface Ending {
  readonly threadId?: string | null | undefined;
  /** The message of the last `error` event before the exit. It is the reason if codex prints none. */
  readonly lastError?: string | null | undefined;
  /** The environment of codex, if the process may have ended at its start. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Returns the error for a process that has ended: the typed error for codex's own message, or a `ProcessExitedError` with
 * that message and without log lines. The last `error` event comes from the model's service, so it never selects the class.
 */
export function toExitError(reason: CodexError, { threadId = null, lastError = null, env }: Ending = {}): CodexError {
  if (!(reason instanceof ProcessExitedError)) return reason;
  const own = lastErrorOf(reason);
  const known = own === null ? null : toThreadError(own, threadId, reason);
  if (known !== null) return known;
  const home = own === null || env === undefined ? null : toHomeError(own, env, reason);
  if (home !== null) return home;
  const exit = { code: reason.exitCode, signal: reason.signal };
  const detail = own ?? (reason.signal === null ? lastError : null) ?? findReason(reason.stderr)?.text ?? "";
  return new ProcessExitedError(exit, reason.stderr, { threadId, detail, cause: reason.cause });
}

/** Returns the error that ended codex, as printed. Returns null if the process was killed by a signal: earlier errors are unrelated. */
export function lastErrorOf({ stderr, signal }: ProcessExitedError): string | null {
  const reason = signal === null ? findReason(stderr) : null;
  return reason?.certain === true ? reason.text : null;
}

/** The reason of an exit in the error output. `certain`: codex printed it as an error. */
export interface PrintedReason {
  readonly text: string;
  readonly certain: boolean;
}

/**
 * Returns the reason of an exit in codex's error output: its last error, else the last line that is no noise, such as a
 * backtrace. Returns null if there is none. Output before the last log line is unrelated to the exit: codex continues after a
 * panic of one of its tasks, even for hours, and successful turns have log lines, too.
 */
export function findReason(stderr: string): PrintedReason | null {
  const lines = afterLastLog(stderr.split("\n").map((line) => line.trim()));
  const backwards = [...lines].reverse();
  const error = backwards.findIndex((line) => errorLine.test(line));
  if (error !== -1) return { text: errorAt(lines, lines.length - 1 - error), certain: true };
  const text = backwards.find((line) => line !== "" && !noise.some((pattern) => pattern.test(line)));
  return text === undefined ? null : { text, certain: false };
}

function afterLastLog(lines: readonly string[]): readonly string[] {
  const after = [...lines].reverse().findIndex((line) => logLine.test(line));
  return after === -1 ? lines : lines.slice(lines.length - after);
}

/** The beginning of errors of codex, of clap, which parses its arguments, and of Rust's panics. */
const errorLine = /^(?:Error\b.*:|error: |thread '.*' .*panicked at )/;
const plainPrefix = /^(?:Error|error): /;

/** Returns the error with the next line if that line completes it. */
function errorAt(lines: readonly string[], at: number): string {
  const line = (lines[at] ?? "").replace(plainPrefix, "");
  const next = lines[at + 1] ?? "";
  const isContinued = next !== "" && (line.endsWith(":") || next.startsWith("in `"));
  return isContinued ? `${line} ${next}` : line;
}

const logLine = /^\d{4}-\d\d-\d\dT\S+\s/;

const noise: readonly RegExp[] = [
  /^Reading (?:prompt from stdin|additional )/,
  /^WARNING: /,
  /^Stack backtrace:$/,
  /^\d+: /,
  /^note: run with /,
];
