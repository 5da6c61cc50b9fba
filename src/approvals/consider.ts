import type { ApprovalHandler, DecidedBy } from "./approval-decision.js";
import type { ApprovalRequest } from "../protocol/events/approval-request.js";
import { type ApprovalRule, readVerdict, type Verdict } from "./rules/approval-rule.js";

/** The unchecked answer of a handler or a rule. */
export interface Opinion {
  readonly answer: unknown;
  readonly by: DecidedBy;
  /** The reason for the user. `null` selects the answer's own reason. */
  readonly reason: string | null;
}

/** Returns the answer of the handler, of the rule, or of the handler that the rule selects. Rejects if they throw. */
export async function consider(
  onApproval: ApprovalHandler | ApprovalRule | null,
  request: ApprovalRequest,
  signal: AbortSignal,
): Promise<Opinion> {
  if (onApproval === null) return decline("There is no `onApproval`.");
  if (typeof onApproval === "function") return callHandler(onApproval, request, signal);
  const verdict: Verdict = readVerdict(onApproval.decide(request));
  switch (verdict.kind) {
    case "allow": {
      const { content, reason = null } = verdict;
      return { answer: { decision: "accept", content }, by: "rule", reason };
    }
    case "deny":
      return { answer: { decision: "decline", reason: verdict.reason }, by: "rule", reason: null };
    case "ask":
      return verdict.handler === undefined
        ? decline("The rule `ask` has no handler.")
        : callHandler(verdict.handler, request, signal);
    case "none":
      return decline("No rule matched.");
  }
}

/** Returns the denial of a rule, or `null` if the rule does not deny the request. Throws if the rule throws. */
export function denialOf(rule: ApprovalRule, request: ApprovalRequest): Opinion | null {
  const verdict = readVerdict(rule.decide(request));
  if (verdict.kind !== "deny") return null;
  return { answer: { decision: "decline", reason: verdict.reason }, by: "rule", reason: null };
}

async function callHandler(handler: ApprovalHandler, request: ApprovalRequest, signal: AbortSignal): Promise<Opinion> {
  return { answer: await handler(request, { signal }), by: "handler", reason: null };
}

function decline(reason: string): Opinion {
  return { answer: { decision: "decline", reason: "No handler or rule decided it." }, by: "default", reason };
}
