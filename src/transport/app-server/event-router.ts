import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred, type Deferred } from "../../internal/deferred.js";
import { BatchQueue } from "../../internal/batch-queue.js";
import { refuseServerRequest, type ThreadEvent } from "../../protocol/index.js";
import type { TurnMessage } from "../transport.js";

/** What one thread's turn hears while it is subscribed. */
export interface ThreadRoute extends AsyncIterable<readonly TurnMessage[]> {
  /** The id of the first turn that begins on the thread. Stays pending where none does. */
  readonly turnStarted: Promise<string>;
  /** Hears nothing more. Idempotent. */
  close(): void;
}

/** Early messages kept of a thread that is still being started; a thread says a handful by then. */
const maxEarlyMessages = 1_000;

/**
 * Brings every message to the turns of its thread, strictly by thread id: sub-agents are threads of their own, so their
 * messages never reach their parent's turn. Two turns listen to one thread where it has two handles: codex adds the input
 * of the later one to its running turn, which then is the turn of both. While a thread is being started its id is not known yet; what such threads
 * say is kept until somebody subscribes or no start is under way.
 */
export class EventRouter {
  readonly #routes = new Map<string, Set<Listener>>();
  readonly #early = new Map<string, TurnMessage[]>();
  #starting = 0;
  #end: CodexError | null = null;

  /** How many turns listen. */
  get size(): number {
    let size = 0;
    for (const listeners of this.#routes.values()) size += listeners.size;
    return size;
  }

  subscribe(threadId: string): ThreadRoute {
    const listener: Listener = { queue: new BatchQueue(), turnStarted: createDeferred() };
    for (const message of this.#early.get(threadId) ?? []) hear(listener, message);
    this.#early.delete(threadId);
    if (this.#end !== null) listener.queue.end(this.#end);
    const listeners = this.#routes.get(threadId) ?? new Set();
    this.#routes.set(threadId, listeners.add(listener));
    return {
      turnStarted: listener.turnStarted.promise,
      [Symbol.asyncIterator]: () => listener.queue[Symbol.asyncIterator](),
      close: () => {
        listener.queue.end();
        refuseUnheard(listener.queue.drain());
        listeners.delete(listener);
        if (listeners.size === 0 && this.#routes.get(threadId) === listeners) this.#routes.delete(threadId);
      },
    };
  }

  /** Keeps what unknown threads say while `work` starts one. */
  async whileStarting<T>(work: () => Promise<T>): Promise<T> {
    this.#starting += 1;
    try {
      return await work();
    } finally {
      this.#starting -= 1;
      if (this.#starting === 0) this.#forgetEarly();
    }
  }

  /** True when somebody hears it, now or after a start under way. */
  route(threadId: string, message: TurnMessage): boolean {
    const listeners = this.#routes.get(threadId);
    if (listeners !== undefined) {
      for (const listener of listeners) {
        hear(listener, message);
        // One answer is enough.
        if (message.kind === "request") break;
      }
      return true;
    }
    if (message.kind === "event" && message.event.type === "thread.closed") {
      // What it said until then is of its past, also where it is being resumed at this moment.
      this.#early.delete(threadId);
      return false;
    }
    return this.#starting > 0 && this.#keep(threadId, message);
  }

  /** Tells every turn that listens: a line that names no thread may concern any of them. */
  broadcast(event: ThreadEvent): void {
    for (const [threadId, listeners] of this.#routes) {
      for (const listener of listeners) hear(listener, { kind: "event", event: { ...event, threadId } });
    }
  }

  /** Every turn gets the error, after what it has not read yet. */
  end(error: CodexError): void {
    this.#end ??= error;
    for (const listeners of this.#routes.values()) for (const { queue } of listeners) queue.end(this.#end);
  }

  /** Later than the microtask in which whoever started a thread subscribes to it. */
  #forgetEarly(): void {
    setImmediate(() => {
      if (this.#starting > 0) return;
      refuseUnheard([...this.#early.values()].flat());
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

/** Refuses the requests among what nobody will read: codex waits for an answer for ever. */
export function refuseUnheard(messages: readonly TurnMessage[]): void {
  for (const message of messages) {
    if (message.kind === "request") message.respond(refuseServerRequest(message.request.method));
  }
}

interface Listener {
  readonly queue: BatchQueue<TurnMessage>;
  readonly turnStarted: Deferred<string>;
}

function hear({ queue, turnStarted }: Listener, message: TurnMessage): void {
  queue.push(message);
  if (message.kind !== "event" || message.event.type !== "turn.started") return;
  if (message.event.turnId !== null) turnStarted.resolve(message.event.turnId);
}
