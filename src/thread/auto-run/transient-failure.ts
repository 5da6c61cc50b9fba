import type { CodexError } from "../../errors/codex-error.js";
import type { ErrorCode } from "../../errors/error-codes.js";

/**
 * Whether the same turn may succeed when it is tried again soon. Exec does not tell the kind of a failure: there codex's
 * own fixed sentences decide, never the words of the provider.
 */
export function isTransientFailure(error: CodexError): boolean {
  if (error.retryable !== undefined) return error.retryable;
  if (transientCodes.has(error.code)) return true;
  return error.code === "TURN_FAILED" && sentences.some((sentence) => sentence.test(error.message));
}

/** Whether the account's limit is reached, which ends at a time. */
export function isUsageLimit(error: CodexError): boolean {
  return error.code === "TURN_FAILED" && /^You.ve hit your usage limit\b/.test(error.message);
}

const transientCodes = new Set<ErrorCode>(["PROCESS_EXITED", "SERVER_OVERLOADED", "TRANSPORT_CLOSED"]);

/** As codex 0.169.0 says it on exec. */
const sentences = [
  /^We.re currently experiencing high demand, which may cause temporary errors\.$/,
  /^Selected model is at capacity\. Please try a different model\.$/,
  /^rate limit exceeded: /,
  /^exceeded retry limit, last status: (?:408|429|5\d\d) /,
  /^stream disconnected before completion: (?:Transport error|stream closed before response\.completed|idle timeout)/,
];
