import {
  cut,
  fail,
  failResponse,
  incomplete,
  message,
  raw,
  repeat,
  respond,
  type ScriptEntry,
} from "../../../src/testing/index.js";
import type { Expectation } from "../expectation.js";
import { observe } from "../observe.js";
import type { Probe, Since } from "../probe.js";

interface Failure {
  readonly id: string;
  readonly step: ScriptEntry;
  readonly message: RegExp;
  /** `codexErrorInfo` on the app-server. Exec reports no kinds. */
  readonly info: Expectation;
  readonly since?: Since;
}

const provider = (status: number, code: string): ScriptEntry =>
  fail(status, { error: { code, type: "invalid_request_error", message: `provider reports ${code}` } });
const http = (httpStatusCode: number) => ({ httpConnectionFailed: { httpStatusCode } });
const full = /^Codex ran out of room in the model's context window/;
const quota = /^Quota exceeded/;

const failures: readonly Failure[] = [
  { id: "400", step: provider(400, "bad"), message: /provider reports bad/, info: "other" },
  {
    id: "400-full-context",
    step: provider(400, "context_length_exceeded"),
    message: full,
    info: "contextWindowExceeded",
    since: "0.169.0",
  },
  { id: "401", step: provider(401, "key"), message: /401 Unauthorized: provider reports key/, info: http(401) },
  { id: "403", step: provider(403, "no"), message: /403 Forbidden: provider reports no/, info: http(403) },
  {
    id: "404-model",
    step: provider(404, "model_not_found"),
    message: /provider reports model_not_found/,
    info: "modelNotFound",
    since: { "app-server": "0.165.0" },
  },
  { id: "404-path", step: provider(404, "x"), message: /404 Not Found/, info: http(404) },
  { id: "413", step: provider(413, "x"), message: /413 Payload Too Large/, info: http(413) },
  {
    id: "429",
    step: provider(429, "x"),
    message: /last status: 429/,
    info: { responseTooManyFailedAttempts: { httpStatusCode: 429 } },
  },
  {
    id: "429-usage-limit",
    step: fail(429, { error: { type: "usage_limit_reached", message: "x", resets_at: 1_900_000_000 } }),
    message: /hit your usage limit/,
    info: "usageLimitExceeded",
  },
  { id: "429-quota", step: provider(429, "insufficient_quota"), message: quota, info: "usageLimitExceeded" },
  { id: "500", step: provider(500, "x"), message: /experiencing high demand/, info: "internalServerError" },
  { id: "503", step: provider(503, "x"), message: /503 Service Unavailable/, info: http(503) },
  {
    id: "503-overloaded",
    step: provider(503, "server_is_overloaded"),
    message: /at capacity/,
    info: "serverOverloaded",
  },
  {
    id: "rate-limit",
    step: failResponse("rate_limit_exceeded", "provider reports wait"),
    message: /rate limit exceeded/,
    info: "rateLimitExceeded",
  },
  {
    id: "full-context",
    step: failResponse("context_length_exceeded", "x"),
    message: full,
    info: "contextWindowExceeded",
  },
  {
    id: "policy",
    step: failResponse("cyber_policy", "provider reports policy"),
    message: /provider reports policy/,
    info: "cyberPolicy",
  },
  {
    id: "incomplete",
    step: incomplete("max_output_tokens", message("half")),
    message: /max_output_tokens/,
    info: "other",
  },
  {
    id: "cut-stream",
    step: cut(message("half", { unfinished: true })),
    message: /^stream disconnected/,
    info: "other",
  },
  { id: "nonsense", step: raw("data: nonsense\n\n"), message: /stream closed before response/, info: "other" },
];

/** The failures of the model, by their kind. */
export const failureProbes: readonly Probe[] = failures.map(({ id, step, message: text, info, since }) => ({
  id: `failure.${id}`,
  feature: "failure kinds",
  ...(since === undefined ? {} : { since }),
  model: () => [step, repeat(respond(message("after")))],
  play: async (stage) => {
    const thread = stage.thread();
    const { error } = await observe(thread.runStreamed("Work"));
    return { error, next: (await thread.run("Go on")).finalResponse };
  },
  expected: (transport) => ({
    error: { code: "TURN_FAILED", message: text, ...(transport === "exec" ? {} : { info }) },
    next: "after",
  }),
}));
