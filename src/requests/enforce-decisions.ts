import {
  type ApprovalViolation,
  ApprovalViolatedError,
  describeViolation,
} from "../approvals/approval-violated-error.js";
import type { ThreadEvent } from "../protocol/index.js";
import type { RequestTurn } from "./request-turn.js";

type Turn = Pick<RequestTurn, "decisions" | "emit" | "stop">;

/** Ends the turn at the first event that shows that a decision is not enforced. */
export function enforceDecisions(events: readonly ThreadEvent[], turn: Turn): void {
  for (const event of events) {
    const violation = turn.decisions.observe(event);
    if (violation !== null) endViolated(violation, turn);
  }
}

/** Emits `codexkit.approval.violated` and ends the turn. Later violations of the turn have no effect. */
export function endViolated(violation: ApprovalViolation, { decisions, emit, stop }: Turn): void {
  if (decisions.report())
    emit({ type: "codexkit.approval.violated", ...violation, message: describeViolation(violation) });
  stop(new ApprovalViolatedError(violation));
}
