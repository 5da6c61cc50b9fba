import {
  cut,
  fail,
  failResponse,
  incomplete,
  message,
  raw,
  respond,
  type ScriptEntry,
  stall,
} from "../../../src/testing/index.js";

/** A failure of the model, with the expected error. */
export interface Failure {
  readonly of: string;
  readonly step: ScriptEntry;
  /** Expected part of the error's message, from the provider or from codex. */
  readonly expected: RegExp;
  /** The kind of the failure on the app-server. Exec reports no kinds. */
  readonly info: unknown;
  readonly retryable: boolean | undefined;
  /** Further settings of the provider. Retries of codex are disabled. */
  readonly config?: object;
}

/** An incomplete answer. */
export const halfAnswer = message("half an answer", { deltas: 4, unfinished: true });

const provider = (status: number, code: string, options = {}): ScriptEntry =>
  fail(status, { error: { code, type: "invalid_request_error", message: `provider reports ${code}` } }, options);
const http = (httpStatusCode: number | null) => ({ httpConnectionFailed: { httpStatusCode } });
const tooMany = { responseTooManyFailedAttempts: { httpStatusCode: 429 } };
const quota = /^Quota exceeded\. Check your plan and billing details\.$/;
const capacity = /^Selected model is at capacity/;
const outOfRoom = /^Codex ran out of room in the model's context window/;

/** The measured behaviour of codex 0.169.0. */
export const failures: readonly Failure[] = [
  { of: "400", step: provider(400, "bad"), expected: /provider reports bad/, info: "other", retryable: undefined },
  {
    of: "401",
    step: provider(401, "key"),
    expected: /401 Unauthorized: provider reports key/,
    info: http(401),
    retryable: false,
  },
  {
    of: "403",
    step: provider(403, "no"),
    expected: /403 Forbidden: provider reports no/,
    info: http(403),
    retryable: false,
  },
  {
    of: "404, no such model",
    step: provider(404, "model_not_found"),
    expected: /^provider reports model_not_found$/,
    info: "modelNotFound",
    retryable: false,
  },
  {
    of: "404, no such path",
    step: provider(404, "x"),
    expected: /404 Not Found: provider reports x/,
    info: http(404),
    retryable: false,
  },
  {
    of: "413",
    step: provider(413, "x"),
    expected: /413 Payload Too Large: provider reports x/,
    info: http(413),
    retryable: false,
  },
  { of: "429", step: provider(429, "x"), expected: /last status: 429/, info: tooMany, retryable: true },
  {
    of: "429 with Retry-After",
    step: provider(429, "x", { retryAfter: 1 }),
    expected: /last status: 429/,
    info: tooMany,
    retryable: true,
  },
  {
    of: "429, usage limit",
    step: fail(429, { error: { type: "usage_limit_reached", message: "x", resets_at: 1_900_000_000 } }),
    expected: /You.ve hit your usage limit\. Try again at Mar 17th, 2030/,
    info: "usageLimitExceeded",
    retryable: false,
  },
  {
    of: "429, quota",
    step: provider(429, "insufficient_quota"),
    expected: quota,
    info: "usageLimitExceeded",
    retryable: false,
  },
  {
    of: "500",
    step: provider(500, "x"),
    expected: /experiencing high demand/,
    info: "internalServerError",
    retryable: true,
  },
  {
    of: "502",
    step: provider(502, "x"),
    expected: /502 Bad Gateway: provider reports x/,
    info: http(502),
    retryable: true,
  },
  {
    of: "503",
    step: provider(503, "x"),
    expected: /503 Service Unavailable: provider reports x/,
    info: http(503),
    retryable: true,
  },
  {
    of: "503, overloaded",
    step: provider(503, "server_is_overloaded"),
    expected: capacity,
    info: "serverOverloaded",
    retryable: true,
  },
  { of: "529", step: provider(529, "x"), expected: /529 .*provider reports x/, info: http(529), retryable: true },
  {
    of: "an overloaded model",
    step: failResponse("server_is_overloaded", "x"),
    expected: capacity,
    info: "serverOverloaded",
    retryable: true,
  },
  {
    of: "a rate limit",
    step: failResponse("rate_limit_exceeded", "provider reports wait"),
    expected: /rate limit exceeded: provider reports wait/,
    info: "rateLimitExceeded",
    retryable: true,
  },
  {
    of: "a quota",
    step: failResponse("insufficient_quota", "x"),
    expected: quota,
    info: "usageLimitExceeded",
    retryable: false,
  },
  {
    of: "a full context",
    step: failResponse("context_length_exceeded", "x"),
    expected: outOfRoom,
    info: "contextWindowExceeded",
    retryable: false,
  },
  {
    of: "400, full context",
    step: provider(400, "context_length_exceeded"),
    expected: outOfRoom,
    info: "contextWindowExceeded",
    retryable: false,
  },
  {
    of: "an invalid prompt",
    step: failResponse("invalid_prompt", "provider reports prompt"),
    expected: /^provider reports prompt$/,
    info: "other",
    retryable: undefined,
  },
  {
    of: "a policy",
    step: failResponse("cyber_policy", "provider reports policy"),
    expected: /^provider reports policy$/,
    info: "cyberPolicy",
    retryable: false,
  },
  {
    of: "a failure of no known kind",
    step: failResponse("server_error", "provider reports oops"),
    expected: /provider reports oops/,
    info: "other",
    retryable: undefined,
  },
  {
    of: "an answer cut short",
    step: incomplete("max_output_tokens", message("half")),
    expected: /Incomplete response returned, reason: max_output_tokens/,
    info: "other",
    retryable: undefined,
  },
  {
    of: "a stream cut in mid-answer",
    step: cut(halfAnswer),
    expected: /^stream disconnected before completion/,
    info: "other",
    retryable: true,
  },
  {
    of: "a stream of nonsense",
    step: raw("data: nonsense\n\n"),
    expected: /stream closed before response/,
    info: "other",
    retryable: true,
  },
  {
    of: "a stream that falls silent",
    step: respond(message("half", { deltas: ["ha", stall(), "lf"] })),
    expected: /idle timeout waiting for SSE/,
    info: "other",
    retryable: true,
    config: { stream_idle_timeout_ms: 300 },
  },
];
