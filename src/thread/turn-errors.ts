import { CodexError } from "../errors/codex-error.js";
import type { TurnFailure } from "../protocol/index.js";
import { isRetryableFailure } from "./retryable-failure.js";
import type { PartialTurnResult } from "./turn-result.js";

export { TurnNotActiveError } from "../errors/turn-not-active-error.js";

/** Codex ended the turn as failed. `result` carries all that a finished turn does; `message` is codex's own. */
export class TurnFailedError extends CodexError {
  override name = "TurnFailedError";
  readonly result: PartialTurnResult;
  /** The kind of failure as the app-server tells it; undefined on exec, which does not. */
  readonly codexErrorInfo: TurnFailure["codexErrorInfo"];
  readonly additionalDetails: string | null;

  constructor(result: PartialTurnResult) {
    const { error, threadId, turnId } = result;
    super("TURN_FAILED", error?.message ?? "Codex ended the turn as failed and gave no reason.", {
      threadId,
      turnId,
      retryable: isRetryableFailure(error),
    });
    this.result = result;
    this.codexErrorInfo = error?.codexErrorInfo;
    this.additionalDetails = error?.additionalDetails ?? null;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), codexErrorInfo: this.codexErrorInfo };
  }
}

/**
 * The turn ran into its `timeoutMs` or `idleTimeoutMs`. It was interrupted, its commands with it; `result` is what it had
 * done, and the thread goes on. `message` tells the last error of codex, such as a connection it was still waiting for.
 */
export class TurnTimeoutError extends CodexError {
  override name = "TurnTimeoutError";
  readonly result: PartialTurnResult;
  readonly limit: "timeoutMs" | "idleTimeoutMs";

  constructor(limit: "timeoutMs" | "idleTimeoutMs", milliseconds: number, result: PartialTurnResult) {
    const what = limit === "timeoutMs" ? "ran longer than" : "said nothing for";
    const last = result.error === null ? "" : ` Codex's last error: ${result.error.message}`;
    super("TURN_TIMEOUT", `The turn ${what} ${milliseconds} ms (\`${limit}\`) and was interrupted.${last}`, {
      threadId: result.threadId,
      turnId: result.turnId,
    });
    this.limit = limit;
    this.result = result;
  }
}

/** A turn's events can be read once, and somebody reads them already. */
export class TurnConsumedError extends CodexError {
  override name = "TurnConsumedError";
  constructor() {
    super("TURN_CONSUMED", "This turn's events are already being read; use `result()` beside one reader.", {
      retryable: false,
    });
  }
}

/** The thread is at work and `whenBusy` is `reject`. */
export class ThreadBusyError extends CodexError {
  override name = "ThreadBusyError";
  constructor(threadId: string | null) {
    super("THREAD_BUSY", 'The thread has a turn running and `whenBusy` is "reject".', { threadId, retryable: true });
  }
}

/** The final answer does not fit the output schema. `text` is the raw answer, `issues` what is wrong with it. */
export class StructuredOutputError extends CodexError {
  override name = "StructuredOutputError";
  readonly text: string | null;
  readonly issues: readonly string[];
  readonly result: PartialTurnResult;

  constructor(issues: readonly string[], result: PartialTurnResult) {
    super("OUTPUT_INVALID", `The final answer does not fit the output schema: ${issues.join("; ")}`, {
      threadId: result.threadId,
      turnId: result.turnId,
    });
    this.text = result.finalResponse;
    this.issues = issues;
    this.result = result;
  }
}
