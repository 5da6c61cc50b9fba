import { CodexError } from "../../errors/codex-error.js";
import type { TurnFailure } from "../../protocol/index.js";
import type { PartialTurnResult } from "./turn-result.js";
import { AbortedError } from "../../errors/aborted-error.js";
import { errorCodeOf } from "../../rpc/rpc-failures.js";
import { RpcError } from "../../rpc/rpc-errors.js";
import { ProtocolError } from "../../errors/protocol-error.js";

export { TurnNotActiveError } from "../../errors/turn-not-active-error.js";

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

/** Codex's own words for a turn that ended while it was being steered. */
export function isTurnGone(error: unknown): boolean {
  if (error instanceof RpcError && error.kind !== null) return errorCodeOf(error.kind) === "TURN_NOT_ACTIVE";
  return CodexError.isInstance(error) && error.code === "TURN_NOT_ACTIVE";
}

/** What went wrong, as one of our errors: anything else is a defect of ours, and says so. */
export function toCodexError(cause: unknown): CodexError {
  if (CodexError.isInstance(cause)) return cause;
  if (cause instanceof Error && cause.name === "AbortError") return new AbortedError(cause);
  return new ProtocolError(`Unexpected failure inside codexkit: ${String(cause)}`, { cause });
}

const retryable = new Set([
  "serverOverloaded",
  "rateLimitExceeded",
  "internalServerError",
  "flexUnavailable",
  "policyCapacityUnavailable",
]);
const final = new Set([
  "contextWindowExceeded",
  "sessionBudgetExceeded",
  "usageLimitExceeded",
  "modelNotFound",
  "unauthorized",
  "badRequest",
  "cyberPolicy",
  "misalignmentPolicyViolation",
  "inferenceHookDenied",
  "tooManyDenials",
]);

/** A stream that broke or fell silent has no kind of its own; what the model refused to go on with begins the same way. */
const cutStream =
  /^stream disconnected before completion: (?:Transport error|stream closed before response\.completed|idle timeout)/;

/** Whether the same turn may succeed later, by what the app-server says of the failure; undefined where it says nothing. */
export function isRetryableFailure(error: TurnFailure | null): boolean | undefined {
  const info = error?.codexErrorInfo;
  if (error === null || info === undefined || info === null) return undefined;
  if (info === "other") return cutStream.test(error.message) ? true : undefined;
  if (typeof info === "string") return retryable.has(info) ? true : final.has(info) ? false : undefined;
  const [[kind, detail] = ["", undefined]] = Object.entries(info);
  const status = httpStatusOf(detail);
  if (status !== null) return status === 408 || status === 429 || status >= 500;
  return kind.startsWith("response") || kind === "httpConnectionFailed" ? true : undefined;
}

function httpStatusOf(detail: unknown): number | null {
  if (typeof detail !== "object" || detail === null || !("httpStatusCode" in detail)) return null;
  return typeof detail.httpStatusCode === "number" ? detail.httpStatusCode : null;
}
