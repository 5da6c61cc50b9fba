import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred, type Deferred } from "../../internal/deferred.js";
import { BatchQueue } from "../../internal/batch-queue.js";
import { refuseServerRequest, type ThreadEvent } from "../../protocol/index.js";
import type { TurnMessage } from "../transport.js";

/** A turn's subscription to the messages of its thread. */
export interface ThreadRoute extends AsyncIterable<readonly TurnMessage[]> {
  /** Resolves with the id of the first turn that starts on the thread. Stays pending if none does. */
  readonly turnStarted: Promise<string>;
  /** Ends the subscription. Idempotent. */
  close(): void;
}

/** The number of early messages that are kept for a thread that is being started. A thread usually has a handful. */
const maxEarlyMessages = 1_000;

/**
 * Routes every message to the turns of its thread, strictly by thread id: a sub-agent is a thread of its own, so its messages
 * never reach its parent's turn. Two turns are subscribed to one thread if it has two handles: codex adds the later turn's
 * input to the running one, which then serves both. The id of a thread is unknown while the thread is being started, so
 * messages of unknown threads are kept until a turn subscribes or no start is in progress.
 */
export class EventRouter {
  readonly #routes = new Map<string, Set<Listener>>();
  readonly #early = new Map<string, TurnMessage[]>();
  #starting = 0;
  #end: CodexError | null = null;

  /** The number of subscriptions. */
  get size(): number {
    let size = 0;
    for (const listeners of this.#routes.values()) size += listeners.size;
    return size;
  }

  subscribe(threadId: string): ThreadRoute {
    const listener: Listener = { queue: new BatchQueue(), turnStarted: createDeferred() };
    for (const message of this.#early.get(threadId) ?? []) deliver(listener, message);
    this.#early.delete(threadId);
    if (this.#end !== null) listener.queue.end(this.#end);
    const listeners = this.#routes.get(threadId) ?? new Set();
    this.#routes.set(threadId, listeners.add(listener));
    return {
      turnStarted: listener.turnStarted.promise,
      [Symbol.asyncIterator]: () => listener.queue[Symbol.asyncIterator](),
      close: () => {
        listener.queue.end();
        refuseUnread(listener.queue.drain());
        listeners.delete(listener);
        if (listeners.size === 0 && this.#routes.get(threadId) === listeners) this.#routes.delete(threadId);
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
        deliver(listener, message);
        // One answer is enough.
        if (message.kind === "request") break;
      }
      return true;
    }
    if (message.kind === "event" && message.event.type === "thread.closed") {
      // Its earlier messages are from before the close, even if it is being resumed now.
      this.#early.delete(threadId);
      return false;
    }
    return this.#starting > 0 && this.#keep(threadId, message);
  }

  /** Sends an event to every subscription: a line that names no thread may concern any of them. */
  broadcast(event: ThreadEvent): void {
    for (const [threadId, listeners] of this.#routes) {
      for (const listener of listeners) deliver(listener, { kind: "event", event: { ...event, threadId } });
    }
  }

  /** Ends every subscription with the error, after its unread messages. */
  end(error: CodexError): void {
    this.#end ??= error;
    for (const listeners of this.#routes.values()) for (const { queue } of listeners) queue.end(this.#end);
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
}

function deliver({ queue, turnStarted }: Listener, message: TurnMessage): void {
  queue.push(message);
  if (message.kind !== "event" || message.event.type !== "turn.started") return;
  if (message.event.turnId !== null) turnStarted.resolve(message.event.turnId);
}
