import type { ThreadEvent } from "../../index.js";
import { describeApproval } from "../render/describe-approval.js";

/** A call of a tool of the demo's own. */
export interface DemoToolCall {
  readonly tool: string;
  /** `success`, or how it failed, as `codexkit.tool.completed` tells it; null where it did not end. */
  readonly outcome: string | null;
  /** Milliseconds from the call to its answer, a wait for an approval included. */
  readonly ms: number | null;
}

/** Something that was asked for before it was done. */
export interface DemoApproval {
  readonly kind: string;
  /** What would happen, for a person. */
  readonly subject: string;
  /** Null where it was not decided. */
  readonly decision: string | null;
  /** Who decided, as `codexkit.approval.resolved` tells it. */
  readonly by: string | null;
  readonly reason: string | null;
}

/** What a demo's events say of its tools and approvals, in the order in which they began. */
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
          approvals.set(event.approvalId, { kind: event.kind, subject: describeApproval(event), ...open });
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
