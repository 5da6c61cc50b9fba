import type { ThreadEvent } from "../../index.js";
import { describeApproval } from "../render/describe-approval.js";

/** A call of one of the demo's host tools. */
export interface DemoToolCall {
  readonly tool: string;
  /** The outcome in `codexkit.tool.completed`; null if the call did not end. */
  readonly outcome: string | null;
  /** Milliseconds from the call to its answer, including the wait for an approval. */
  readonly ms: number | null;
}

/** An approval request and its decision. */
export interface DemoApproval {
  readonly kind: string;
  /** The requested action, in words. */
  readonly subject: string;
  /** Null if there was no decision. */
  readonly decision: string | null;
  /** The value of `by` in `codexkit.approval.resolved`. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** Collects the tool calls and approvals of a demo from its events, in the order of their start. */
export interface CallLog {
  add(event: ThreadEvent): void;
  readonly tools: readonly DemoToolCall[];
  readonly approvals: readonly DemoApproval[];
}

export function createCallLog(): CallLog {
  const tools = new Map<string, DemoToolCall>();
  const approvals = new Map<string, DemoApproval>();
  return {
    add(event) {
      switch (event.type) {
        case "codexkit.tool.started":
          tools.set(event.callId, { tool: event.tool, outcome: null, ms: null });
          break;
        case "codexkit.tool.completed":
          tools.set(event.callId, { tool: event.tool, outcome: event.outcome, ms: Math.round(event.ms) });
          break;
        case "codexkit.approval.requested": {
          const open = { decision: null, by: null, reason: null };
          approvals.set(event.approvalId, { kind: event.kind, subject: describeApproval(event.request), ...open });
          break;
        }
        case "codexkit.approval.resolved": {
          const { approvalId, kind, decision, by, reason } = event;
          const subject = approvals.get(approvalId)?.subject ?? kind;
          approvals.set(approvalId, { kind, subject, decision, by, reason });
          break;
        }
        default:
      }
    },
    get tools() {
      return [...tools.values()];
    },
    get approvals() {
      return [...approvals.values()];
    },
  };
}
