import { setImmediate } from "node:timers";
import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred, type Deferred } from "../../internal/deferred.js";
import { BatchQueue } from "../../internal/batch-queue.js";
import { refuseServerRequest, type ThreadEvent } from "../../protocol/index.js";
import type { TurnMessage, TurnRequestMessage } from "../transport.js";
import { AgentRegistry, type RunningAgent } from "./agent-registry.js";
import { TurnAgents } from "./turn-agents.js";

/** A turn's subscription to the messages of its thread. */
export interface ThreadRoute extends Pick<BatchQueue<TurnMessage>, "forEach"> {
  /** Resolves with the id of the first turn that starts on the thread. Stays pending if none does. */
  readonly turnStarted: Promise<string>;
  /** The sub-agents of the turn. */
  readonly agents: TurnAgents;
  /** Removes and returns the messages that have not been read. */
  drain(): readonly TurnMessage[];
  /** Ends the subscription. Idempotent. */
  close(): void;
}

/** The number of early messages that are kept for a thread that is being started. A thread usually has a handful. */
const maxEarlyMessages = 1_000;

/**
 * Routes every message to the turns of its thread, by thread id. A sub-agent is a thread of its own: its messages reach the
 * turn at the root of its tree, marked with the agent. Two turns are subscribed to one thread if it has two handles: codex adds the later turn's
 * input to the running one, which then serves both. The id of a thread is unknown while the thread is being started, so
 * messages of unknown threads are kept until a turn subscribes or no start is in progress.
 */
export class EventRouter {
  readonly #routes = new Map<string, Set<Listener>>();
  readonly #early = new Map<string, TurnMessage[]>();
  readonly #agents = new AgentRegistry();
  readonly #endOrphan: (agent: RunningAgent) => void;
  #starting = 0;
  #end: CodexError | null = null;

  /** @param endOrphan ends a sub-agent that starts after the end of its turn. */
  constructor(endOrphan: (agent: RunningAgent) => void = () => undefined) {
    this.#endOrphan = endOrphan;
  }

  /** The number of subscriptions. */
  get size(): number {
    let size = 0;
    for (const listeners of this.#routes.values()) size += listeners.size;
    return size;
  }

  subscribe(threadId: string): ThreadRoute {
    const listener: Listener = {
      queue: new BatchQueue(),
      turnStarted: createDeferred(),
      agents: new TurnAgents(),
      turnIds: [],
    };
    for (const message of this.#early.get(threadId) ?? []) this.#deliver(listener, message, threadId);
    this.#early.delete(threadId);
    if (this.#end !== null) listener.queue.end(this.#end);
    const listeners = this.#routes.get(threadId) ?? new Set();
    this.#routes.set(threadId, listeners.add(listener));
    return {
      turnStarted: listener.turnStarted.promise,
      agents: listener.agents,
      drain: () => listener.queue.drain(),
      forEach: (take) => listener.queue.forEach(take),
      close: () => {
        listener.queue.end();
        refuseUnread(listener.queue.drain());
        if (!listeners.delete(listener) || listeners.size > 0 || this.#routes.get(threadId) !== listeners) return;
        this.#routes.delete(threadId);
        this.#agents.end(threadId, listener.turnIds);
      },
    };
  }

  /** Keeps the messages of unknown threads while `work` starts a thread. */
  async whileStarting<T>(work: () => Promise<T>): Promise<T> {
    this.#starting += 1;
    try {
      return await work();
    } finally {
      this.#starting -= 1;
      if (this.#starting === 0) this.#discardEarly();
    }
  }

  /** Returns true if a subscription receives the message, now or after a start in progress. */
  route(threadId: string, message: TurnMessage): boolean {
    const listeners = this.#routes.get(threadId);
    if (listeners !== undefined) {
      for (const listener of listeners) {
        this.#deliver(listener, message.kind === "request" ? this.#withOrigin(message) : message, threadId);
        // One answer is enough.
        if (message.kind === "request") break;
      }
      return true;
    }
    const event = message.kind === "event" ? message.event : null;
    const owner = this.#agents.ownerOf(threadId, event);
    if (owner !== null && this.#deliverOfAgent(owner, threadId, message)) return true;
    if (event?.type === "thread.closed") {
      // Its earlier messages are from before the close, even if it is being resumed now.
      this.#early.delete(threadId);
      return false;
    }
    const orphan = event === null ? null : this.#agents.orphanOf(event);
    if (orphan !== null) {
      this.#endOrphan(orphan);
      return true;
    }
    return this.#starting > 0 && this.#keep(threadId, message);
  }

  /** Sends an event to every subscription: a line that names no thread may concern any of them. */
  broadcast(event: ThreadEvent): void {
    for (const [threadId, listeners] of this.#routes) {
      for (const { queue } of listeners) queue.push({ kind: "event", event: { ...event, threadId } });
    }
  }

  /** Ends every subscription with the error, after its unread messages. */
  end(error: CodexError): void {
    this.#end ??= error;
    for (const listeners of this.#routes.values()) for (const { queue } of listeners) queue.end(this.#end);
  }

  /** Completes the agent of a call at the tool server, which does not know the agent's place in the tree. */
  #withOrigin(message: TurnRequestMessage): TurnRequestMessage {
    const { agent } = message.request;
    if (agent === undefined) return message;
    const known = this.#agents.originOf(agent.threadId);
    return known.parentThreadId === null ? message : { ...message, request: { ...message.request, agent: known } };
  }

  #deliver(listener: Listener, message: TurnMessage, threadId: string): void {
    listener.queue.push(message);
    if (message.kind !== "event") return;
    const { event } = message;
    this.#agents.note(event, threadId);
    if (event.type !== "turn.started" || event.turnId === null) return;
    this.#agents.begin(event.turnId, threadId);
    listener.turnIds.push(event.turnId);
    listener.turnStarted.resolve(event.turnId);
  }

  /** Delivers a message of a sub-agent to the turns of the thread that owns it. */
  #deliverOfAgent(owner: string, threadId: string, message: TurnMessage): boolean {
    const listeners = this.#routes.get(owner);
    if (listeners === undefined) return false;
    const agent = this.#agents.originOf(threadId);
    for (const { queue, agents } of listeners) {
      if (message.kind === "request") {
        queue.push({ ...message, request: { ...message.request, agent } });
        break;
      }
      queue.push({ ...message, agent });
      agents.accept(threadId, message.event);
    }
    if (message.kind === "event") this.#agents.note(message.event, owner);
    return true;
  }

  /** Runs after the microtask in which the turn that started a thread subscribes to it. */
  #discardEarly(): void {
    setImmediate(() => {
      if (this.#starting > 0) return;
      refuseUnread([...this.#early.values()].flat());
      this.#early.clear();
    });
  }

  #keep(threadId: string, message: TurnMessage): boolean {
    const kept = this.#early.get(threadId) ?? [];
    if (kept.length >= maxEarlyMessages) return false;
    kept.push(message);
    this.#early.set(threadId, kept);
    return true;
  }
}

/** Refuses the requests among messages that are never read. Codex would wait for an answer forever. */
export function refuseUnread(messages: readonly TurnMessage[]): void {
  for (const message of messages) {
    if (message.kind === "request") message.respond(refuseServerRequest(message.request.method));
  }
}

interface Listener {
  readonly queue: BatchQueue<TurnMessage>;
  readonly turnStarted: Deferred<string>;
  readonly agents: TurnAgents;
  /** The turns that have started on the thread during the subscription. */
  readonly turnIds: string[];
}
