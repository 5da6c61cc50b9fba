import type { CodexError } from "../errors/codex-error.js";
import { ProcessExitedError } from "../process/process-exited-error.js";
import { toThreadError } from "./codex-errors.js";
import { saidOnStderr } from "./said-on-stderr.js";

export interface Ending {
  readonly threadId?: string | null | undefined;
  /** The last error that codex told before it ended: where it says no more, it is the cause. */
  readonly lastError?: string | null | undefined;
}

/**
 * The error of a process that is gone: what codex's own words mean, or a `ProcessExitedError` that tells them and not its
 * log lines.
 */
export function toExitError(reason: CodexError, { threadId = null, lastError = null }: Ending = {}): CodexError {
  if (!(reason instanceof ProcessExitedError)) return reason;
  const said = causeOf(reason, lastError);
  const known = said === null ? null : toThreadError(said, threadId, reason);
  const exit = { code: reason.exitCode, signal: reason.signal };
  return known ?? new ProcessExitedError(exit, reason.stderr, { threadId, said: said ?? "", cause: reason.cause });
}

/** An error that codex prints says more than the last one of the stream, which may be of a try that it gave up. */
function causeOf({ stderr, signal }: ProcessExitedError, lastError: string | null): string | null {
  const said = saidOnStderr(stderr);
  if (said?.certain === true) return said.text;
  // Who is killed has no last word; what it said before has another reason.
  return (signal === null ? lastError : null) ?? said?.text ?? null;
}
