import { OptionError } from "../errors/option-error.js";
import { isJsonObject } from "../internal/json.js";
import type { ApprovalDecision } from "./approval-decision.js";
import type { ApprovalKind, ApprovalRequest } from "./approval-request.js";
import { checkDecision } from "./check-decision.js";
import { fingerprintOf } from "./fingerprint.js";

/** A decision about a request whose turn had ended. It answers the next equal request, once. Plain data. */
export interface StoredDecision {
  readonly kind: ApprovalKind;
  /** The {@link fingerprintOf} its request. */
  readonly fingerprint: string;
  readonly decision: Exclude<ApprovalDecision, { decision: "defer" }>;
}

/**
 * Throws an `OptionError` (`INVALID_OPTION`) for a decision that the request does not accept, for `defer`, and for a request
 * without a fingerprint.
 */
export function toStoredDecision(request: ApprovalRequest, decision: unknown): StoredDecision {
  const checked = checkDecision(request, decision);
  const problem = checked.ok ? "`defer` decides nothing" : checked.problem;
  if (!checked.ok || checked.decision.decision === "defer")
    throw new OptionError("INVALID_OPTION", "decision", `This is not a decision for ${request.kind}: ${problem}.`);
  const fingerprint = fingerprintOf(request);
  if (fingerprint === null)
    throw new OptionError("INVALID_OPTION", "decision", "The request names no changes, so no later request equals it.");
  return { kind: request.kind, fingerprint, decision: checked.decision };
}

/** Returns the value as stored decisions. Throws an `OptionError` (`INVALID_STATE`) for any other value. */
export function checkStoredDecisions(value: unknown): readonly StoredDecision[] {
  if (Array.isArray(value) && value.every(isStoredDecision)) return value;
  throw new OptionError("INVALID_STATE", "decisions", "These are not stored approval decisions.");
}

const kinds = new Set(["command", "fileChange", "permissions", "mcpTool", "elicitation", "userInput", "tool"]);
const storable = new Set(["accept", "acceptForSession", "acceptWithPolicyAmendment", "answer", "decline", "cancel"]);

/** The other fields of the decision are checked against the request that it answers. */
function isStoredDecision(value: unknown): value is StoredDecision {
  if (!isJsonObject(value)) return false;
  const { kind, fingerprint, decision } = value;
  if (typeof kind !== "string" || !kinds.has(kind) || typeof fingerprint !== "string") return false;
  return isJsonObject(decision) && typeof decision["decision"] === "string" && storable.has(decision["decision"]);
}
