import { asObject, asText, parseJson } from "../../../internal/json.js";
import type { CodexErrorInfo, TurnError } from "../../../protocol/generated/types.js";
import type { HttpErrorStep, ResponseEnd } from "../../script/model-step.js";

/** Returns the error of a turn whose last response ended like this. Codex is assumed not to retry. */
export function endFailure(end: Exclude<ResponseEnd, { readonly type: "completed" }>): TurnError {
  if (end.type === "failed") return codeFailure(end.code, end.message);
  if (end.type === "incomplete") return failure(`Incomplete response returned, reason: ${end.reason}`, "other");
  return failure(`${disconnected}: Transport error: network error: error decoding response body`, "other");
}

/** Returns the error of a turn whose last request got an HTTP error. Codex is assumed not to retry. */
export function httpFailure({ status, body }: HttpErrorStep): TurnError {
  const error = asObject(asObject(parseJson(body))["error"]);
  const code = asText(error["code"]) ?? asText(error["type"]);
  const message = asText(error["message"]) ?? body;
  if (code !== null && knownCodes.has(code)) return codeFailure(code, message);
  if (status === 500) return failure(highDemand, "internalServerError");
  if (status === 429) {
    const info: CodexErrorInfo = { responseTooManyFailedAttempts: { httpStatusCode: status } };
    return failure("exceeded retry limit, last status: 429 Too Many Requests", info);
  }
  if (status === 401 || status === 403) {
    const reason = status === 401 ? "Unauthorized" : "Forbidden";
    const text = `unexpected status ${String(status)} ${reason}: ${message}, url: http://127.0.0.1/v1/responses`;
    return failure(text, { httpConnectionFailed: { httpStatusCode: status } });
  }
  return failure(status === 400 ? body : message, "other");
}

/** Returns the error of a turn in the protocol's form. */
export function failure(message: string, codexErrorInfo: CodexErrorInfo): TurnError {
  return { message, codexErrorInfo, additionalDetails: null, misalignment: null };
}

/** Returns the error of a turn whose event stream ended without a last event. */
export function endlessFailure(): TurnError {
  return failure(`${disconnected}: stream closed before response.completed`, "other");
}

const disconnected = "stream disconnected before completion";
const highDemand = "We’re currently experiencing high demand, which may cause temporary errors.";
const outOfRoom =
  "Codex ran out of room in the model's context window. Start a new thread or clear earlier history before retrying.";

/** The codes that codex knows. `message` is codex's own message, which replaces that of the provider. */
const knownCodes = new Map<string, { readonly info: CodexErrorInfo; readonly message?: string }>([
  ["context_length_exceeded", { info: "contextWindowExceeded", message: outOfRoom }],
  ["cyber_policy", { info: "cyberPolicy" }],
  [
    "insufficient_quota",
    { info: "usageLimitExceeded", message: "Quota exceeded. Check your plan and billing details." },
  ],
  ["model_not_found", { info: "modelNotFound" }],
  ["rate_limit_exceeded", { info: "rateLimitExceeded" }],
  [
    "server_is_overloaded",
    { info: "serverOverloaded", message: "Selected model is at capacity. Please try a different model." },
  ],
  ["usage_limit_reached", { info: "usageLimitExceeded", message: "You've hit your usage limit." }],
]);

function codeFailure(code: string, message: string): TurnError {
  const known = knownCodes.get(code);
  const text = code === "rate_limit_exceeded" ? `rate limit exceeded: ${message}` : message;
  return failure(known?.message ?? text, known?.info ?? "other");
}
