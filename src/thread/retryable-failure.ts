import type { TurnFailure } from "../protocol/index.js";

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
