import { AbortedError } from "../errors/aborted-error.js";
import { CodexError } from "../errors/codex-error.js";
import { ProtocolError } from "../errors/protocol-error.js";

/** Codex's own words for a turn that ended while it was being steered. */
export function isTurnGone(error: unknown): boolean {
  if (!CodexError.isInstance(error)) return false;
  if (error.code === "TURN_NOT_ACTIVE") return true;
  return error.code === "RPC_ERROR" && /no active turn|expected active turn/i.test(error.message);
}

/** What went wrong, as one of our errors: anything else is a defect of ours, and says so. */
export function toCodexError(cause: unknown): CodexError {
  if (CodexError.isInstance(cause)) return cause;
  if (cause instanceof Error && cause.name === "AbortError") return new AbortedError(cause);
  return new ProtocolError(`Unexpected failure inside codexkit: ${String(cause)}`, { cause });
}
