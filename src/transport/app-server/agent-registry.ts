import type { ThreadEvent, ThreadItem } from "../../protocol/index.js";
import type { AgentOrigin } from "../transport.js";

/** A running turn of a sub-agent. */
export interface RunningAgent {
  readonly threadId: string;
  readonly turnId: string;
}

/** The numbers of entries that are remembered: the last turns that ended, and the last sub-agents. */
const maxEnded = 1_000;
const maxOrigins = 1_000;

/**
 * The sub-agents of one app-server process, and the thread whose turn owns each. Codex names the owner in `turn/started`
 * (`rootTurnId`), on every level of the tree, and the parent in the item of the call that started the agent.
 */
export class AgentRegistry {
  /** The thread of each subscribed turn, by turn id. */
  readonly #turns = new Map<string, string>();
  readonly #ended = new Set<string>();
  /** The thread that owns each agent, by the agent's thread id. */
  readonly #owners = new Map<string, string>();
  readonly #origins = new Map<string, AgentOrigin>();

  /** Reads an event of a subscribed thread, or of an agent that `owner` owns. */
  note(event: ThreadEvent, owner: string): void {
    if (event.type === "item.started" || event.type === "item.completed") this.#noteItem(event.item, event, owner);
  }

  /** Records a turn of a subscribed thread. */
  begin(turnId: string, threadId: string): void {
    this.#turns.set(turnId, threadId);
  }

  /** Records the end of the last subscription to the thread, with its turns. Agents that start later have no owner. */
  end(threadId: string, turnIds: readonly string[]): void {
    for (const turnId of turnIds) {
      this.#turns.delete(turnId);
      remember(this.#ended, turnId);
    }
    for (const [agent, owner] of this.#owners) if (owner === threadId) this.#owners.delete(agent);
  }

  /** The thread whose turn owns the agent; null if the thread is no agent of a subscribed turn. */
  ownerOf(threadId: string, event: ThreadEvent | null): string | null {
    if (event?.type === "turn.started") {
      const owner = this.#turns.get(rootOf(event) ?? "");
      if (owner !== undefined && owner !== threadId) this.#owners.set(threadId, owner);
    }
    return this.#owners.get(threadId) ?? null;
  }

  /** Returns the agent if the event starts it for a turn that has ended. */
  orphanOf(event: ThreadEvent): RunningAgent | null {
    if (event.type !== "turn.started" || event.turnId === null) return null;
    const root = rootOf(event);
    if (root === null || root === event.turnId || !this.#ended.has(root)) return null;
    return { threadId: event.threadId, turnId: event.turnId };
  }

  originOf(threadId: string): AgentOrigin {
    return this.#origins.get(threadId) ?? { threadId, parentThreadId: this.#onlyParentOf(threadId), agentPath: null };
  }

  /** Codex may report an agent before the call that started it. The first agent of a turn can only come from the turn itself. */
  #onlyParentOf(threadId: string): string | null {
    const owner = this.#owners.get(threadId) ?? null;
    for (const [agent, other] of this.#owners) if (other === owner && agent !== threadId) return null;
    return owner;
  }

  #noteItem(item: ThreadItem, { threadId: parent }: { readonly threadId: string }, owner: string): void {
    if (item.type === "subAgentActivity") {
      const { agentThreadId: threadId, agentPath } = item;
      if (item.kind === "started") this.#add({ threadId, parentThreadId: parent, agentPath }, owner);
      // An agent that has completed, or receives a message, can be older than this turn, and the message is not of its parent.
      else this.#recall({ threadId, parentThreadId: this.#parentOf(agentPath, owner), agentPath });
    } else if (item.type === "collabAgentToolCall" && (item.tool === "spawnAgent" || item.tool === "resumeAgent")) {
      for (const threadId of item.receiverThreadIds) {
        const origin = { threadId, parentThreadId: item.senderThreadId, agentPath: null };
        if (item.tool === "spawnAgent") this.#add(origin, owner);
        else this.#recall(origin);
      }
    }
  }

  /** Keeps the origin of an agent that an earlier process has started. The agent has an owner again with its next turn. */
  #recall(origin: AgentOrigin): void {
    if (!this.#origins.has(origin.threadId)) this.#keep(origin);
  }

  #parentOf(agentPath: string, owner: string): string | null {
    const parentPath = agentPath.slice(0, agentPath.lastIndexOf("/"));
    if (parentPath === rootPath) return owner;
    for (const [threadId, { agentPath: path }] of this.#origins) {
      if (path === parentPath && this.#owners.get(threadId) === owner) return threadId;
    }
    return null;
  }

  #add(origin: AgentOrigin, owner: string): void {
    this.#keep(origin);
    this.#owners.set(origin.threadId, owner);
  }

  #keep(origin: AgentOrigin): void {
    this.#origins.set(origin.threadId, origin);
    for (const oldest of this.#origins.keys()) {
      if (this.#origins.size <= maxOrigins) break;
      this.#origins.delete(oldest);
    }
  }
}

/** The place of the turn itself in the tree of agents. */
const rootPath = "/root";

function rootOf({ turn }: Extract<ThreadEvent, { type: "turn.started" }>): string | null {
  return turn?.rootTurnId ?? null;
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  for (const oldest of ids) {
    if (ids.size <= maxEnded) break;
    ids.delete(oldest);
  }
}
