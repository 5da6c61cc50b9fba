import type { CodexError } from "../../errors/codex-error.js";
import { OptionError } from "../../errors/option-error.js";
import { ProcessExitedError } from "../../process/process-exited-error.js";
import { toThreadError } from "../codex-errors.js";
import { saidOnStderr } from "../said-on-stderr.js";

export interface ExecEnding {
  readonly threadId: string | null;
  /** The last `error` event: where codex says no more, it is the cause. */
  readonly lastError: string | null;
}

/** The error of a process that left without ending its turn: codex's own words decide what it was. */
export function toExecError(reason: CodexError, { threadId, lastError }: ExecEnding): CodexError {
  if (!(reason instanceof ProcessExitedError)) return reason;
  const said = causeOf(reason, lastError);
  const known = said === null ? null : toThreadError(said, threadId, reason);
  if (known !== null) return known;
  if (said?.includes("exceeds the maximum length") === true) {
    return new OptionError("INPUT_TOO_LARGE", "input", said, { threadId, cause: reason });
  }
  const exit = { code: reason.exitCode, signal: reason.signal };
  return new ProcessExitedError(exit, said ?? "", { threadId, cause: reason });
}

/** An error that codex prints says more than the last one of the stream, which may be of a try that it gave up. */
function causeOf({ stderr, signal }: ProcessExitedError, lastError: string | null): string | null {
  const said = saidOnStderr(stderr);
  if (said?.certain === true) return said.text;
  // Who is killed has no last word; what it said before has another reason.
  return (signal === null ? lastError : null) ?? said?.text ?? null;
}
