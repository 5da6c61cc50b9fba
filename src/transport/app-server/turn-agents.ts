import { createDeferred, type Deferred } from "../../internal/deferred.js";
import type { ThreadEvent } from "../../protocol/index.js";
import type { TurnMessage } from "../transport.js";
import type { RunningAgent } from "./agent-registry.js";
import { toAgentWarning } from "./turn-messages.js";

/** The sub-agents that have worked for one turn. Kept up to date as messages arrive, not when they are read. */
export class TurnAgents {
  /** Null before the first agent: a turn usually has none. */
  #known: { readonly threadIds: Set<string>; readonly running: Map<string, string> } | null = null;
  #onFirst: (() => void) | null = null;
  #interrupt: ((agent: RunningAgent) => void) | null = null;
  #check: ((agent: RunningAgent) => void) | null = null;
  #idle: Deferred<undefined> | null = null;

  /** The thread ids of all agents that have worked for the turn. */
  get threadIds(): ReadonlySet<string> {
    return this.#known?.threadIds ?? noThreadIds;
  }

  accept(threadId: string, event: ThreadEvent): void {
    const { threadIds, running } = this.#first();
    threadIds.add(threadId);
    if (event.type === "turn.started" && event.turnId !== null) {
      running.set(threadId, event.turnId);
      this.#check?.({ threadId, turnId: event.turnId });
      this.#interrupt?.({ threadId, turnId: event.turnId });
    } else if (event.type === "turn.completed" || event.type === "thread.closed") {
      running.delete(threadId);
      if (running.size === 0) this.#idle?.resolve(undefined);
    }
  }

  /** Calls `listener` once, before the first event of an agent is read; at once if there was one. */
  onFirst(listener: () => void): void {
    if (this.#known === null) this.#onFirst = listener;
    else listener();
  }

  /** Calls `check` with every agent that starts. */
  onStart(check: (agent: RunningAgent) => void): void {
    this.#check = check;
  }

  /** Interrupts every agent that runs or starts from now on. Resolves when none runs. */
  async stop(interrupt: (agent: RunningAgent) => void): Promise<void> {
    this.#interrupt = interrupt;
    for (const [threadId, turnId] of this.#known?.running ?? []) interrupt({ threadId, turnId });
    while (this.#known !== null && this.#known.running.size > 0) {
      this.#idle = createDeferred();
      await this.#idle.promise;
    }
  }

  #first(): { readonly threadIds: Set<string>; readonly running: Map<string, string> } {
    if (this.#known !== null) return this.#known;
    this.#known = { threadIds: new Set(), running: new Map() };
    this.#onFirst?.();
    return this.#known;
  }
}

const noThreadIds: ReadonlySet<string> = new Set();

export interface AgentWatchOptions {
  /** Returns the id of the thread whose history an agent inherits, or null. Null if that does not matter. */
  readonly readParent: ((threadId: string) => Promise<string | null>) | null;
  /** Whether the permissions of an agent that starts exceed those of the turn. */
  readonly exceeds: (threadId: string) => boolean;
  readonly interrupt: (agent: RunningAgent) => void;
}

/**
 * Watches the start of a turn's sub-agents. Interrupts those with wider permissions, and finds out whether agents lack the tools
 * that codex stores with the thread: codex passes them on with the history, which the events of an agent do not show.
 */
export class AgentWatch {
  readonly #readParent: AgentWatchOptions["readParent"];
  readonly #agents = new Set<string>();
  readonly #found = new Set<"exceeds" | "lacksTools">();
  readonly #warned = new Set<string>();
  #reading: Promise<unknown> = Promise.resolve();

  constructor(agents: TurnAgents, { readParent, exceeds, interrupt }: AgentWatchOptions) {
    this.#readParent = readParent;
    agents.onStart((agent) => {
      if (!exceeds(agent.threadId)) return;
      this.#found.add("exceeds");
      interrupt(agent);
    });
  }

  accept(messages: readonly TurnMessage[]): void {
    if (this.#readParent === null) return;
    for (const message of messages) {
      if (message.kind !== "event" || message.agent === undefined || message.event.type !== "turn.started") continue;
      const { threadId } = message.agent;
      if (this.#agents.has(threadId)) continue;
      this.#agents.add(threadId);
      this.#reading = Promise.all([this.#reading, this.#read(threadId)]);
    }
  }

  /** Resolves when every agent so far has been looked up. */
  async settled(): Promise<void> {
    await this.#reading;
  }

  /** The warnings of the turn, each once. */
  takeWarnings(threadId: string, turnId: string): readonly TurnMessage[] {
    if (this.#found.size === this.#warned.size) return none;
    const kinds = [...this.#found].filter((kind) => !this.#warned.has(kind));
    for (const kind of kinds) this.#warned.add(kind);
    return kinds.map((kind) => toAgentWarning(kind, { threadId, turnId }));
  }

  async #read(threadId: string): Promise<void> {
    const parent = await this.#readParent?.(threadId).catch(() => undefined);
    if (parent === null) this.#found.add("lacksTools");
  }
}

const none: readonly TurnMessage[] = [];
