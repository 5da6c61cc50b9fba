import { createDeferred, type Deferred } from "../../internal/deferred.js";
import type { ThreadEvent } from "../../protocol/index.js";
import type { RunningAgent } from "./agent-registry.js";

/** The sub-agents that have worked for one turn. Kept up to date as messages arrive, not when they are read. */
export class TurnAgents {
  readonly #running = new Map<string, string>();
  readonly #threadIds = new Set<string>();
  #interrupt: ((agent: RunningAgent) => void) | null = null;
  #idle: Deferred<undefined> | null = null;

  /** The thread ids of all agents that have worked for the turn. */
  get threadIds(): ReadonlySet<string> {
    return this.#threadIds;
  }

  accept(threadId: string, event: ThreadEvent): void {
    this.#threadIds.add(threadId);
    if (event.type === "turn.started" && event.turnId !== null) {
      this.#running.set(threadId, event.turnId);
      this.#interrupt?.({ threadId, turnId: event.turnId });
    } else if (event.type === "turn.completed" || event.type === "thread.closed") {
      this.#running.delete(threadId);
      if (this.#running.size === 0) this.#idle?.resolve(undefined);
    }
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
