import { AbortedError } from "../../errors/aborted-error.js";
import { attachResult } from "../../errors/attach-result.js";
import { ClientClosedError } from "../../errors/client-closed-error.js";
import { CodexError } from "../../errors/codex-error.js";
import { ProtocolError } from "../../errors/protocol-error.js";
import { redactBounded } from "../../internal/secrets/redact-bounded.js";
import { createRedactor } from "../../internal/secrets/redact.js";
import type { TurnFailure } from "../../protocol/index.js";
import { RpcError } from "../../rpc/rpc-errors.js";
import { errorCodeOf } from "../../rpc/rpc-failures.js";
import type { PartialTurnResult, TurnOutcome } from "./turn-result.js";
import { isError } from "../../internal/is-error.js";

export { TurnNotActiveError } from "../../errors/turn-not-active-error.js";

type TurnFailedErrorCode = "TURN_FAILED" | "BUDGET_EXCEEDED" | "PROVIDER_KEY_MISSING";

/**
 * Codex ended the turn as failed. `result` has everything that a finished turn's result has; `message` is codex's own, with
 * its details in parentheses. The code is `TURN_FAILED`, or that of a cause outside of the model's service.
 */
export class TurnFailedError extends CodexError {
  override name = "TurnFailedError";
  readonly result: PartialTurnResult;
  /** The kind of failure that the app-server reports; undefined on exec, which reports none. */
  readonly codexErrorInfo: TurnFailure["codexErrorInfo"];
  readonly additionalDetails: string | null;

  constructor(result: PartialTurnResult) {
    const { error, threadId, turnId } = result;
    const message = error === null ? "Codex ended the turn as failed without a reason." : describeFailure(error);
    const code = codeOf(error);
    super(code, message, {
      threadId,
      turnId,
      retryable: code === "TURN_FAILED" ? isRetryableFailure(error) : false,
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
 * The turn exceeded its `timeoutMs` or `idleTimeoutMs`. The turn and its commands were interrupted, unless other callers take
 * part in it; `result` is the partial result, and the thread can run further turns. `message` includes codex's last error, such as a connection it was
 * waiting for.
 */
export class TurnTimeoutError extends CodexError {
  override name = "TurnTimeoutError";
  readonly result: PartialTurnResult;
  readonly limit: "timeoutMs" | "idleTimeoutMs";

  constructor(
    limit: "timeoutMs" | "idleTimeoutMs",
    milliseconds: number,
    result: PartialTurnResult,
    { continues = false }: { readonly continues?: boolean } = {},
  ) {
    const what = limit === "timeoutMs" ? "ran longer than" : "was silent for";
    const effect = continues ? ", and continues for its other callers." : " and was interrupted.";
    const last = result.error === null ? "" : ` Codex's last error: ${describeFailure(result.error)}`;
    super("TURN_TIMEOUT", `The turn ${what} ${milliseconds} ms (\`${limit}\`)${effect}${last}`, {
      threadId: result.threadId,
      turnId: result.turnId,
    });
    this.limit = limit;
    this.result = result;
  }
}

/** The events of the turn or the run have a reader already. They can be read once. */
export class TurnConsumedError extends CodexError {
  override name = "TurnConsumedError";
  constructor() {
    super("TURN_CONSUMED", "This turn's events are already being read; use `result()` beside one reader.", {
      retryable: false,
    });
  }
}

/** The thread has a turn running and `whenBusy` is `reject`. */
export class ThreadBusyError extends CodexError {
  override name = "ThreadBusyError";
  constructor(threadId: string | null) {
    const problem = 'The thread has a turn running and `whenBusy` is "reject".';
    const advice = 'Wait for the end of that turn, or set `whenBusy` to "queue".';
    super("THREAD_BUSY", `${problem} ${advice}`, { threadId, retryable: true });
  }
}

/** The final answer does not fit the output schema. `text` is the raw answer, `issues` the list of problems. */
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

/** Exec reports no kind, so there the sentences of codex (0.169.0) decide. */
function codeOf(error: TurnFailure | null): TurnFailedErrorCode {
  const info = error?.codexErrorInfo ?? "other";
  if (info === "sessionBudgetExceeded") return "BUDGET_EXCEEDED";
  if (error === null || info !== "other") return "TURN_FAILED";
  if (error.message === "budget reached") return "BUDGET_EXCEEDED";
  return error.message.startsWith("Missing environment variable: `") ? "PROVIDER_KEY_MISSING" : "TURN_FAILED";
}

const redact = createRedactor();

/**
 * Returns codex's message with the details that it lacks: "Reconnecting... 1/5" does not name the cause. Transports have
 * removed the secrets that they know; a transport of the caller may have removed none.
 */
function describeFailure({ message, additionalDetails }: TurnFailure): string {
  const details = redactBounded(additionalDetails ?? "", redact).trim();
  return details === "" || message.includes(details) ? message : `${message} (${details})`;
}

/** Whether codex refused to steer a turn because the turn has ended. */
export function isTurnGone(error: unknown): boolean {
  if (error instanceof RpcError && error.kind !== null) return errorCodeOf(error.kind) === "TURN_NOT_ACTIVE";
  return CodexError.isInstance(error) && error.code === "TURN_NOT_ACTIVE";
}

/** The error that the turn's reader and its `result()` have in common; null if the turn completed or was interrupted. */
export function toTurnError({ result, error, stop }: Omit<TurnOutcome, "failure">): CodexError | null {
  const { threadId, turnId } = result;
  // A guardrail's refusal stands even if codex finished before it could be stopped.
  if (stop?.kind === "refused") return attachResult(stop.error, result);
  if (result.status === "completed") return null;
  switch (stop?.kind) {
    case "abort":
      return new AbortedError(stop.reason, { threadId, turnId, result });
    case "timeout":
      if (result.status === "failed") return new TurnFailedError(result);
      return new TurnTimeoutError(stop.limit, stop.milliseconds, result, stop);
    case "closed":
      return attachResult(new ClientClosedError(stop.closed), result);
    case "break":
      return null;
    case "interrupt":
      // The turn failed by itself before the interrupt reached it.
      return result.status === "failed" ? new TurnFailedError(result) : null;
    case undefined:
      break;
  }
  if (result.status === "failed") return new TurnFailedError(result);
  return error === null ? null : attachResult(error, result);
}

/** Converts a thrown value to a `CodexError`. An unknown value is a defect of codexkit, and the message reports it as such. */
export function toCodexError(cause: unknown): CodexError {
  if (CodexError.isInstance(cause)) return cause;
  if (isError(cause) && cause.name === "AbortError") return new AbortedError(cause);
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

/** Matches a broken or silent stream, which has no kind of its own. Refusals of the model begin with the same words. */
const cutStream =
  /^stream disconnected before completion: (?:Transport error|stream closed before response\.completed|idle timeout)/;

/** Whether the same turn may succeed later, derived from the app-server's kind of failure; undefined if it is unknown. */
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
