import type { ThreadEvent } from "../../protocol/index.js";
import { publish } from "../../telemetry/channels.js";
import type { TurnSummary } from "./reduce-turn.js";
import type { TurnOutcome } from "./turn-result.js";

/**
 * Publishes a turn on the channels `codexkit:turn`, `:item`, `:tool` and `:approval`. Every start has an end. `parent` of the
 * messages about items, calls and approvals is the turn's operation, so they form a tree before the turn has an id.
 */
export interface TurnReporter {
  started(summary: TurnSummary): void;
  accept(event: ThreadEvent): void;
  ended(outcome: Omit<TurnOutcome, "failure">): void;
}

export function createTurnReporter(): TurnReporter {
  const operation = {};
  const open = new Map<string, object>();
  const calls = new Map<string, object>();
  let begun = false;
  return {
    started({ threadId }) {
      begun = true;
      publish("turn", () => ({ phase: "start", operation, threadId }));
    },
    accept(event) {
      // If this turn joined another turn, the other turn publishes the items.
      if (!begun) return;
      if (event.type === "item.started") startItem(open, operation, event);
      else if (event.type === "item.completed") endItem(open, operation, event);
      else reportCall(calls, operation, event);
    },
    ended({ result, error, stop }) {
      if (!begun) return;
      const { threadId, turnId, status, usage, durationMs } = result;
      for (const [itemId, item] of open)
        publish("item", () => ({
          phase: "end",
          operation: item,
          parent: operation,
          threadId,
          turnId,
          itemId,
          abandoned: true,
        }));
      open.clear();
      const phase = error !== null || status === "failed" ? "error" : "end";
      publish("turn", () => ({
        phase,
        operation,
        threadId,
        turnId,
        status,
        usage,
        durationMs,
        error,
        stop: stop?.kind ?? null,
      }));
    },
  };
}

type ItemEvent = Extract<ThreadEvent, { type: "item.started" | "item.completed" }>;

function startItem(open: Map<string, object>, parent: object, { item, threadId, turnId }: ItemEvent): void {
  if (open.has(item.id)) return;
  const operation = {};
  open.set(item.id, operation);
  publish("item", () => ({
    phase: "start",
    operation,
    parent,
    threadId,
    turnId,
    itemId: item.id,
    itemType: item.type,
    item,
  }));
}

function endItem(open: Map<string, object>, parent: object, { item, threadId, turnId }: ItemEvent): void {
  const started = open.get(item.id);
  const operation = started ?? {};
  open.delete(item.id);
  const details = { operation, parent, threadId, turnId, itemId: item.id, itemType: item.type, item };
  if (started === undefined) publish("item", () => ({ phase: "start", ...details }));
  publish("item", () => ({ phase: "end", ...details }));
}

/** Publishes calls of host tools and approval requests: one event at the start and one at the end of each. */
function reportCall(open: Map<string, object>, parent: object, event: ThreadEvent): void {
  switch (event.type) {
    case "codexkit.tool.started": {
      const { threadId, turnId, callId, tool, namespace } = event;
      const operation = begin(open, `tool ${callId}`);
      publish("tool", () => ({ phase: "start", operation, parent, threadId, turnId, callId, tool, namespace }));
      return;
    }
    case "codexkit.tool.completed": {
      const { threadId, turnId, callId, tool, namespace, outcome, ms } = event;
      const operation = end(open, `tool ${callId}`);
      const phase = outcome === "success" ? "end" : "error";
      publish("tool", () => ({
        phase,
        operation,
        parent,
        threadId,
        turnId,
        callId,
        tool,
        namespace,
        outcome,
        durationMs: ms,
      }));
      return;
    }
    case "codexkit.approval.requested": {
      const { threadId, turnId, approvalId, kind, itemId } = event;
      const operation = begin(open, `approval ${approvalId}`);
      publish("approval", () => ({ phase: "start", operation, parent, threadId, turnId, approvalId, kind, itemId }));
      return;
    }
    case "codexkit.approval.resolved": {
      const { threadId, turnId, approvalId, kind, itemId, decision, by, ms } = event;
      const operation = end(open, `approval ${approvalId}`);
      const details = { parent, threadId, turnId, approvalId, kind, itemId, decision, by, durationMs: ms };
      publish("approval", () => ({ phase: "end", operation, ...details }));
      return;
    }
    default:
  }
}

function begin(open: Map<string, object>, key: string): object {
  const operation = {};
  open.set(key, operation);
  return operation;
}

function end(open: Map<string, object>, key: string): object {
  const operation = open.get(key) ?? {};
  open.delete(key);
  return operation;
}
