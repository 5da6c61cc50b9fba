import { createDeferred, type Deferred } from "../../internal/deferred.js";
import type { ThreadEvent } from "../../protocol/index.js";
import type { TurnMessage } from "../transport.js";
import type { RunningAgent } from "./agent-registry.js";

/** The sub-agents that have worked for one turn. Kept up to date as messages arrive, not when they are read. */
export class TurnAgents {
  readonly #running = new Map<string, string>();
  readonly #threadIds = new Set<string>();
  #interrupt: ((agent: RunningAgent) => void) | null = null;
  #check: ((agent: RunningAgent) => void) | null = null;
  #idle: Deferred<undefined> | null = null;

  /** The thread ids of all agents that have worked for the turn. */
  get threadIds(): ReadonlySet<string> {
    return this.#threadIds;
  }

  accept(threadId: string, event: ThreadEvent): void {
    this.#threadIds.add(threadId);
    if (event.type === "turn.started" && event.turnId !== null) {
      this.#running.set(threadId, event.turnId);
      this.#check?.({ threadId, turnId: event.turnId });
      this.#interrupt?.({ threadId, turnId: event.turnId });
    } else if (event.type === "turn.completed" || event.type === "thread.closed") {
      this.#running.delete(threadId);
      if (this.#running.size === 0) this.#idle?.resolve(undefined);
    }
  }

  /** Calls `check` with every agent that starts. */
  onStart(check: (agent: RunningAgent) => void): void {
    this.#check = check;
  }

  /** Interrupts every agent that runs or starts from now on. Resolves when none runs. */
  async stop(interrupt: (agent: RunningAgent) => void): Promise<void> {
    this.#interrupt = interrupt;
    for (const [threadId, turnId] of this.#running) interrupt({ threadId, turnId });
    while (this.#running.size > 0) {
      this.#idle = createDeferred();
      await this.#idle.promise;
    }
  }
}

/**
 * Finds out whether sub-agents of a turn lack the tools that codex stores with the thread. Codex passes them on with the
 * history: an agent that starts without it has none. The events of an agent do not show its history.
 */
export class AgentTools {
  readonly #readParent: (threadId: string) => Promise<string | null>;
  readonly #agents = new Set<string>();
  #reading: Promise<unknown> = Promise.resolve();
  #missing = false;

  /** @param readParent returns the id of the thread whose history an agent inherits, or null. */
  constructor(readParent: (threadId: string) => Promise<string | null>) {
    this.#readParent = readParent;
  }

  /** Whether an agent is known to lack the tools. */
  get missing(): boolean {
    return this.#missing;
  }

  accept(messages: readonly TurnMessage[]): void {
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

  async #read(threadId: string): Promise<void> {
    const parent = await this.#readParent(threadId).catch(() => undefined);
    if (parent === null) this.#missing = true;
  }
}
