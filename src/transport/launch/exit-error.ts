import type { CodexError } from "../../errors/codex-error.js";
import { ProcessExitedError } from "../../process/spawn/process-exited-error.js";
import { toThreadError } from "./codex-errors.js";

export interface Ending {
  readonly threadId?: string | null | undefined;
  /** The last error that codex told before it ended: where it says no more, it is the cause. */
  readonly lastError?: string | null | undefined;
}

/**
 * The error of a process that is gone: what codex's own words mean, or a `ProcessExitedError` that tells them and not its
 * log lines. The last error is the model's service speaking: it is told, and means nothing here.
 */
export function toExitError(reason: CodexError, { threadId = null, lastError = null }: Ending = {}): CodexError {
  if (!(reason instanceof ProcessExitedError)) return reason;
  const own = lastErrorOf(reason);
  const known = own === null ? null : toThreadError(own, threadId, reason);
  if (known !== null) return known;
  const exit = { code: reason.exitCode, signal: reason.signal };
  const said = own ?? (reason.signal === null ? lastError : null) ?? saidOnStderr(reason.stderr)?.text ?? "";
  return new ProcessExitedError(exit, reason.stderr, { threadId, detail: said, cause: reason.cause });
}

/** The error that codex printed and ended by. Null for who was killed: what it said before has another reason. */
export function lastErrorOf({ stderr, signal }: ProcessExitedError): string | null {
  const said = signal === null ? saidOnStderr(stderr) : null;
  return said?.certain === true ? said.text : null;
}

/** What codex printed of its end, and whether it called it an error itself. */
export interface LastWords {
  readonly text: string;
  readonly certain: boolean;
}

/**
 * What codex's error output says of why it ended: its last error in its own words, else the last line that is no noise,
 * such as a backtrace. Null where there is none. What stands before a log line is not of the end: codex lives on after a
 * panic of one of its tasks, and for hours, and successful runs have log lines, too.
 */
export function saidOnStderr(stderr: string): LastWords | null {
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

/** How codex, clap, which reads its arguments, and Rust's panics begin. */
const errorLine = /^(?:Error\b.*:|error: |thread '.*' .*panicked at )/;
const plainPrefix = /^(?:Error|error): /;

/** Some errors say on the next line what they are about. */
function errorAt(lines: readonly string[], at: number): string {
  const line = (lines[at] ?? "").replace(plainPrefix, "");
  const next = lines[at + 1] ?? "";
  const goesOn = next !== "" && (line.endsWith(":") || next.startsWith("in `"));
  return goesOn ? `${line} ${next}` : line;
}

const logLine = /^\d{4}-\d\d-\d\dT\S+\s/;

const noise: readonly RegExp[] = [
  /^Reading (?:prompt from stdin|additional )/,
  /^WARNING: /,
  /^Stack backtrace:$/,
  /^\d+: /,
  /^note: run with /,
];
