import type { CodexError } from "../../errors/codex-error.js";
import { OptionError } from "../../errors/option-error.js";
import { ProcessExitedError } from "../../process/process-exited-error.js";
import { toThreadError } from "../codex-errors.js";

export interface ExecEnding {
  readonly threadId: string | null;
  /** The last `error` event: where codex says no more, it is the cause. */
  readonly lastError: string | null;
}

/** The error of a process that left without ending its turn: codex's own words on stderr decide what it was. */
export function toExecError(reason: CodexError, { threadId, lastError }: ExecEnding): CodexError {
  if (!(reason instanceof ProcessExitedError)) return reason;
  const said = saidOnStderr(reason.stderr);
  const threadError = said === null ? null : toThreadError(said, threadId, reason);
  if (threadError !== null) return threadError;
  if (said?.includes("exceeds the maximum length") === true) {
    return new OptionError("INPUT_TOO_LARGE", "input", said, { threadId, cause: reason });
  }
  const cause = said ?? lastError;
  if (cause === null)
    return new ProcessExitedError({ code: reason.exitCode, signal: reason.signal }, reason.stderr, { threadId });
  return new ProcessExitedError({ code: reason.exitCode, signal: reason.signal }, cause, { threadId, cause: reason });
}

/** The line that codex prints for an error of set-up; its log lines, which successful runs have too, do not count. */
function saidOnStderr(stderr: string): string | null {
  const lines = stderr.split("\n").map((line) => line.trim());
  const error = [...lines].reverse().find((line) => line.startsWith("Error:"));
  if (error !== undefined) return error.slice("Error:".length).trim();
  return [...lines].reverse().find((line) => line !== "" && !isLogLine(line)) ?? null;
}

function isLogLine(line: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\S+\s/.test(line) ||
    line.startsWith("Reading prompt from stdin") ||
    line.startsWith("Reading additional")
  );
}
