import type { ApprovalHandler, DecidedBy } from "./approval-decision.js";
import type { ApprovalRequest } from "./approval-request.js";
import { type ApprovalRule, readVerdict, type Verdict } from "./rules/approval-rule.js";

/** What somebody says to a request; whether it is a decision is not known yet. */
export interface Opinion {
  readonly answer: unknown;
  readonly by: DecidedBy;
  /** What the user is told; null: what the answer says. */
  readonly reason: string | null;
}

/** Asks whoever decides: a handler, a rule, or the handler that a rule leaves it to. Rejects where they throw. */
export async function consider(
  onApproval: ApprovalHandler | ApprovalRule | null,
  request: ApprovalRequest,
  signal: AbortSignal,
): Promise<Opinion> {
  if (onApproval === null) return nobody("There is no `onApproval` to decide it.");
  if (typeof onApproval === "function") return askHandler(onApproval, request, signal);
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
        ? nobody("A rule says `ask`, and names nobody to ask.")
        : askHandler(verdict.handler, request, signal);
    case "none":
      return nobody("No rule matched.");
  }
}

async function askHandler(handler: ApprovalHandler, request: ApprovalRequest, signal: AbortSignal): Promise<Opinion> {
  return { answer: await handler(request, { signal }), by: "handler", reason: null };
}

function nobody(reason: string): Opinion {
  return { answer: { decision: "decline", reason: "Nobody is there to decide it." }, by: "nobody", reason };
}
