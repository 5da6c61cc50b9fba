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
 * log lines. The last error is the model's service speaking: it is told, and means nothing here.
 */
export function toExitError(reason: CodexError, { threadId = null, lastError = null }: Ending = {}): CodexError {
  if (!(reason instanceof ProcessExitedError)) return reason;
  const own = lastErrorOf(reason);
  const known = own === null ? null : toThreadError(own, threadId, reason);
  if (known !== null) return known;
  const exit = { code: reason.exitCode, signal: reason.signal };
  const said = own ?? (reason.signal === null ? lastError : null) ?? saidOnStderr(reason.stderr)?.text ?? "";
  return new ProcessExitedError(exit, reason.stderr, { threadId, said, cause: reason.cause });
}

/** The error that codex printed and ended by. Null for who was killed: what it said before has another reason. */
export function lastErrorOf({ stderr, signal }: ProcessExitedError): string | null {
  const said = signal === null ? saidOnStderr(stderr) : null;
  return said?.certain === true ? said.text : null;
}
