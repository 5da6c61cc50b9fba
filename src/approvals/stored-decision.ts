import { OptionError } from "../errors/option-error.js";
import { isJsonObject } from "../internal/json.js";
import type { ApprovalDecision } from "./approval-decision.js";
import type { ApprovalKind, ApprovalRequest } from "./approval-request.js";
import { checkDecision } from "./check-decision.js";
import { fingerprintOf } from "./fingerprint.js";

/** A decision made for a request that ended before it could be told: it answers the next equal one, once. Plain data. */
export interface StoredDecision {
  readonly kind: ApprovalKind;
  /** {@link fingerprintOf} the request that it was made for. */
  readonly fingerprint: string;
  readonly decision: Exclude<ApprovalDecision, { decision: "defer" }>;
}

/**
 * Throws an `OptionError` (`INVALID_OPTION`) for a decision that the request does not take, for `defer`, and for a request
 * that is equal to none.
 */
export function toStoredDecision(request: ApprovalRequest, given: unknown): StoredDecision {
  const checked = checkDecision(request, given);
  const problem = checked.ok ? "it decides nothing" : checked.problem;
  if (!checked.ok || checked.decision.decision === "defer")
    throw new OptionError("INVALID_OPTION", "decision", `This is no decision for ${request.kind}: ${problem}.`);
  const fingerprint = fingerprintOf(request);
  if (fingerprint === null)
    throw new OptionError(
      "INVALID_OPTION",
      "decision",
      "The request does not tell what it is for, so nothing equals it.",
    );
  return { kind: request.kind, fingerprint, decision: checked.decision };
}

/** Reads stored decisions back from data. Throws an `OptionError` (`INVALID_STATE`) for anything else. */
export function checkStoredDecisions(value: unknown): readonly StoredDecision[] {
  if (Array.isArray(value) && value.every(isStoredDecision)) return value;
  throw new OptionError("INVALID_STATE", "decisions", "These are not the stored decisions of approvals.");
}

const kinds = new Set(["command", "fileChange", "permissions", "mcpTool", "elicitation", "userInput", "tool"]);
const storable = new Set(["accept", "acceptForSession", "acceptWithPolicyAmendment", "answer", "decline", "cancel"]);

/** What the decision holds besides its name is checked against the request that it answers. */
function isStoredDecision(value: unknown): value is StoredDecision {
  if (!isJsonObject(value)) return false;
  const { kind, fingerprint, decision } = value;
  if (typeof kind !== "string" || !kinds.has(kind) || typeof fingerprint !== "string") return false;
  return isJsonObject(decision) && typeof decision["decision"] === "string" && storable.has(decision["decision"]);
}
