import { CodexError } from "../errors/codex-error.js";
import type { ApprovalKind } from "../protocol/events/approval-request.js";

/**
 * The way in which a turn broke a decision. `repeatedId`: two calls of the turn have one id, so that codex could apply the
 * decision about one call to the other. `started`: codex started an action that was declined.
 */
export type ApprovalViolationCause = "repeatedId" | "started";

/** The item whose approval was violated. */
export interface ApprovalViolation {
  readonly threadId: string | null;
  readonly turnId: string | null;
  readonly itemId: string;
  readonly kind: ApprovalKind;
  readonly violation: ApprovalViolationCause;
}

/**
 * An approval of the turn cannot be enforced: codex started an action that was declined, or two calls that need approval
 * have one id. The turn was interrupted at once. A declined action that had started may have taken effect.
 */
export class ApprovalViolatedError extends CodexError {
  override name = "ApprovalViolatedError";
  readonly itemId: string;
  readonly violation: ApprovalViolationCause;

  constructor({ threadId, turnId, itemId, kind, violation }: ApprovalViolation) {
    super("APPROVAL_VIOLATED", `${describeViolation({ itemId, kind, violation })} The turn was interrupted.`, {
      threadId,
      turnId,
      retryable: false,
    });
    this.itemId = itemId;
    this.violation = violation;
  }

  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), itemId: this.itemId, violation: this.violation };
  }
}

/** Returns the violation as a sentence. */
export function describeViolation({
  itemId,
  kind,
  violation,
}: Pick<ApprovalViolation, "itemId" | "kind" | "violation">): string {
  const id = JSON.stringify(itemId.slice(0, 100));
  return violation === "started"
    ? `Codex started the item ${id} (${kind}) although its approval was declined; it may have taken effect.`
    : `Two calls of the turn have the id ${id} (${kind}), so an approval could apply to the wrong one: the model's endpoint must give each call an id of its own.`;
}
