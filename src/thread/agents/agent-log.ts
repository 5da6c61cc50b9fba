import type { AgentCompletedEvent, ThreadEvent, ThreadItem } from "../../protocol/index.js";
import type { AgentOrigin } from "../../transport/transport.js";
import { isWork, openItemsAfter } from "../open-items.js";
import { toTurnUsage, toUsageReport, type UsageSpan, withReport } from "../turn/turn-usage.js";

/** The turn that the agents work for. */
export interface AgentOwner {
  readonly threadId: string | null;
  readonly turnId: string | null;
}

interface AgentState {
  turnId: string | null;
  openItems: ReadonlyMap<string, ThreadItem>;
  usageSpans: readonly UsageSpan[];
}

/** The sub-agents of one turn: converts their events to events of the turn, and keeps their open items and usage. */
export class AgentLog {
  readonly #full: boolean;
  readonly #agents = new Map<string, AgentState>();

  constructor({ full }: { readonly full: boolean }) {
    this.#full = full;
  }

  /** Whether a command or a tool of an agent is at work. */
  get hasWorkOpen(): boolean {
    for (const { openItems } of this.#agents.values()) if ([...openItems.values()].some(isWork)) return true;
    return false;
  }

  item(threadId: string, id: string): ThreadItem | null {
    return this.#agents.get(threadId)?.openItems.get(id) ?? null;
  }

  /** Reads an event of an agent. Returns the events of the turn that stand for it. */
  accept(event: ThreadEvent, agent: AgentOrigin, { threadId, turnId }: AgentOwner): readonly ThreadEvent[] {
    const about = {
      threadId,
      turnId,
      agentThreadId: agent.threadId,
      agentPath: agent.agentPath,
      parentThreadId: agent.parentThreadId,
    };
    const given: ThreadEvent[] = [];
    const state = this.#read(event, agent.threadId);
    if (event.type === "turn.started") given.push({ type: "codexkit.agent.started", ...about });
    if (this.#full) given.push({ type: "codexkit.agent.event", ...about, event });
    if (event.type === "turn.completed") {
      const { status, error } = event.turn;
      const usage = toTurnUsage("unknown", state.usageSpans).turn ?? null;
      const message = status === "completed" ? null : (error?.message ?? null);
      given.push({ type: "codexkit.agent.completed", ...about, status: toStatus(status), usage, message });
    }
    return given;
  }

  #read(event: ThreadEvent, threadId: string): AgentState {
    const state = this.#agents.get(threadId) ?? { turnId: null, openItems: new Map(), usageSpans: [] };
    this.#agents.set(threadId, state);
    if (event.type === "turn.started") {
      state.turnId = event.turnId;
      state.openItems = new Map();
      state.usageSpans = [];
    } else if (event.type === "thread.tokenUsage.updated") {
      // A resumed agent first reports the usage of its last turn.
      if (event.turnId === state.turnId) state.usageSpans = withReport(state.usageSpans, toUsageReport(event));
    } else if (event.type === "turn.completed" || event.type === "thread.closed") state.openItems = new Map();
    else state.openItems = openItemsAfter(state.openItems, event);
    return state;
  }
}

function toStatus(status: string): AgentCompletedEvent["status"] {
  return status === "completed" || status === "interrupted" ? status : "failed";
}
