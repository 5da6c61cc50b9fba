import { AbortedError } from "../errors/aborted-error.js";
import { CodexError } from "../errors/codex-error.js";
import { errorCodeOf } from "../rpc/rpc-failures.js";
import { RpcError } from "../rpc/rpc-errors.js";
import { ProtocolError } from "../errors/protocol-error.js";

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
