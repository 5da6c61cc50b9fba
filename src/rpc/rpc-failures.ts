import type { ErrorCode } from "../errors/error-codes.js";
import { isJsonObject, type JsonValue } from "../internal/json.js";

/** A failure that codexkit recognises in an error response of the app-server. */
export type RpcFailureKind = (typeof rpcFailures)[number]["kind"];

interface RpcFailureRule {
  readonly kind: string;
  readonly message: RegExp;
  /** The code of the matching codexkit error. */
  readonly errorCode: ErrorCode;
}

/**
 * Codex answers nearly every failure with -32600, so the text distinguishes them (measured on 0.171.0). The first match
 * wins. If an app-server uses another text, the kind is null and the error is a plain `RpcError`.
 */
export const rpcFailures = [
  { kind: "threadArchived", message: /\bis archived\b/, errorCode: "RPC_ERROR" },
  {
    kind: "threadNotFound",
    message: /no (?:archived )?rollout found|thread not found|thread not loaded/,
    errorCode: "THREAD_NOT_FOUND",
  },
  { kind: "threadIdInvalid", message: /^invalid (?:session|thread) id\b/, errorCode: "INVALID_THREAD_ID" },
  { kind: "threadBusy", message: /already has an active writer/, errorCode: "THREAD_BUSY" },
  { kind: "threadClosing", message: /\bis closing; retry\b/, errorCode: "THREAD_BUSY" },
  { kind: "goalActive", message: /has an active goal operation/, errorCode: "THREAD_BUSY" },
  { kind: "turnNotActive", message: /no active turn/, errorCode: "TURN_NOT_ACTIVE" },
  { kind: "turnMismatch", message: /expected active turn id/, errorCode: "TURN_NOT_ACTIVE" },
  { kind: "turnNotSteerable", message: /cannot steer a \w+ turn/, errorCode: "TURN_NOT_ACTIVE" },
  { kind: "ephemeralThread", message: /^ephemeral threads do not support/, errorCode: "UNSUPPORTED_FEATURE" },
  { kind: "experimentalRequired", message: /requires experimentalApi capability/, errorCode: "UNSUPPORTED_FEATURE" },
  { kind: "inputTooLarge", message: /exceeds the maximum length/, errorCode: "INPUT_TOO_LARGE" },
  { kind: "notInitialized", message: /^Not initialized$/, errorCode: "PROTOCOL_ERROR" },
  { kind: "alreadyInitialized", message: /^Already initialized$/, errorCode: "PROTOCOL_ERROR" },
  { kind: "invalidRequest", message: /^Invalid request: /, errorCode: "RPC_ERROR" },
] as const satisfies readonly RpcFailureRule[];

/** Returns the kind of the failure, or null if it is unknown. */
export function classifyRpcFailure(error: {
  readonly message: string;
  readonly data?: JsonValue | undefined;
}): RpcFailureKind | null {
  if (isJsonObject(error.data) && error.data["input_error_code"] === "input_too_large") return "inputTooLarge";
  return rpcFailures.find(({ message }) => message.test(error.message))?.kind ?? null;
}

/** Returns the code of the codexkit error for this kind of failure. */
export function errorCodeOf(kind: RpcFailureKind): ErrorCode {
  return rpcFailures.find((rule) => rule.kind === kind)?.errorCode ?? "RPC_ERROR";
}
