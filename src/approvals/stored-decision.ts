import { OptionError } from "../errors/option-error.js";
import { isJsonObject, type JsonObject } from "../internal/json.js";
import type { ApprovalDecision } from "./approval-decision.js";
import type { ApprovalKind, ApprovalRequest } from "../protocol/events/approval-request.js";
import { checkDecision } from "./check-decision.js";
import { fingerprintOf } from "./fingerprint.js";
import { randomId } from "../internal/random-id.js";

/** A decision about a request whose turn had ended. It answers the next equal request, once. Plain data. */
export interface StoredDecision {
  /** Unique. A process uses a decision once, even if one state is resumed several times. */
  readonly id: string;
  /** The thread whose state contains it. */
  readonly threadId: string;
  readonly kind: ApprovalKind;
  /** The {@link fingerprintOf} its request. */
  readonly fingerprint: string;
  readonly decision: Exclude<ApprovalDecision, { decision: "defer" }>;
}

/**
 * Throws an `OptionError` (`INVALID_OPTION`) for a decision that the request does not accept, for `defer`, and for a request
 * without a fingerprint.
 */
export function toStoredDecision(
  request: ApprovalRequest,
  decision: unknown,
  threadId: string = request.threadId,
): StoredDecision {
  const checked = checkDecision(request, decision);
  const problem = checked.ok ? "`defer` decides nothing" : checked.problem;
  if (!checked.ok || checked.decision.decision === "defer")
    throw new OptionError("INVALID_OPTION", "decision", `This is not a decision for ${request.kind}: ${problem}.`);
  const fingerprint = fingerprintOf(request);
  if (fingerprint === null)
    throw new OptionError("INVALID_OPTION", "decision", "The request names no changes, so no later request equals it.");
  return { id: randomId(), threadId, kind: request.kind, fingerprint, decision: checked.decision };
}

/**
 * Returns the value as stored decisions of the thread. Omits decisions without a thread, which older versions stored: their
 * requests are asked again. Throws an `OptionError` (`INVALID_STATE`) for the decisions of another thread and for any other
 * value.
 */
export function checkStoredDecisions(value: unknown, threadId: string | null): readonly StoredDecision[] {
  const given: readonly unknown[] = Array.isArray(value) ? value : [null];
  const decisions = given.filter((each) => !isUnbound(each));
  if (!decisions.every(isStoredDecision))
    throw new OptionError("INVALID_STATE", "decisions", "These are not stored approval decisions.");
  if (threadId !== null && decisions.some((each) => each.threadId !== threadId))
    throw new OptionError("INVALID_STATE", "decisions", "These decisions were stored for another thread.");
  return decisions;
}

/** The ids of the stored decisions that this process has used, oldest first. */
const used = new Set<string>();
const maxUsed = 100_000;

/** Returns true if this process has not used the decision before, and marks it as used. */
export function useOnce({ id }: StoredDecision): boolean {
  if (used.has(id)) return false;
  used.add(id);
  const [oldest] = used;
  if (used.size > maxUsed && oldest !== undefined) used.delete(oldest);
  return true;
}

function isUnbound(value: unknown): boolean {
  return isJsonObject(value) && isDecision(value) && value["id"] === undefined && value["threadId"] === undefined;
}

const kinds = new Set(["command", "fileChange", "permissions", "mcpTool", "elicitation", "userInput", "tool"]);
const storable = new Set(["accept", "acceptForSession", "acceptWithPolicyAmendment", "answer", "decline", "cancel"]);

/** The other fields of the decision are checked against the request that it answers. */
function isStoredDecision(value: unknown): value is StoredDecision {
  if (!isJsonObject(value) || !isDecision(value)) return false;
  return typeof value["id"] === "string" && typeof value["threadId"] === "string";
}

function isDecision({ kind, fingerprint, decision }: JsonObject): boolean {
  if (typeof kind !== "string" || !kinds.has(kind) || typeof fingerprint !== "string") return false;
  return isJsonObject(decision) && typeof decision["decision"] === "string" && storable.has(decision["decision"]);
}
