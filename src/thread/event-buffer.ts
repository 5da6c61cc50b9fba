import type { ThreadEvent } from "../protocol/index.js";
import { mergeDelta, mergeKeyOf } from "./merge-delta.js";

/** Events a reader may lag behind before deltas are merged. */
export const defaultBufferBound = 1024;

/**
 * Events between the turn, which never waits, and its reader, who may be slow. Up to the bound every event is kept as it
 * came. Past it the deltas of one item are merged, their text kept whole; every other event is kept, and one
 * `codexkit.stream.lagging` tells how many deltas were merged into others.
 */
export class EventBuffer {
  readonly #bound: number;
  #events: ThreadEvent[] = [];
  #head = 0;
  #ended = false;
  #error: Error | null = null;
  #waiters: (() => void)[] = [];
  #merged = new Map<string, number>();
  #laggingAt: number | null = null;

  constructor(bound = defaultBufferBound) {
    this.#bound = bound;
  }

  push(events: readonly ThreadEvent[]): void {
    if (this.#ended) return;
    for (const event of events) if (!this.#merge(event)) this.#events.push(event);
    this.#notify();
  }

  /** No further event comes; the reader gets the error, if any, after what it has not read yet, or at once with `drop`. */
  end(error: Error | null = null, { drop = false }: { readonly drop?: boolean } = {}): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (drop) this.#drop();
    this.#notify();
  }

  /** Forgets what was not read: the reader left. */
  drop(): void {
    this.#drop();
    this.end();
  }

  async next(): Promise<IteratorResult<ThreadEvent, undefined>> {
    while (this.#head === this.#events.length && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#waiters.push(resolve);
      });
    }
    const event = this.#events[this.#head];
    if (event === undefined) return this.#finish();
    this.#head += 1;
    if (this.#head === this.#events.length) this.#drop();
    return { done: false, value: event };
  }

  #finish(): IteratorResult<ThreadEvent, undefined> {
    const error = this.#error;
    this.#error = null;
    if (error !== null) throw error;
    return { done: true, value: undefined };
  }

  #merge(event: ThreadEvent): boolean {
    if (this.#events.length - this.#head < this.#bound) return false;
    const key = mergeKeyOf(event);
    if (key === null) return false;
    const index = this.#merged.get(key);
    const target = index === undefined || index < this.#head ? undefined : this.#events[index];
    const merged = target === undefined ? null : mergeDelta(target, event);
    if (index === undefined || merged === null) {
      this.#merged.set(key, this.#events.length);
      return false;
    }
    this.#events[index] = merged;
    this.#tellLagging(event);
    return true;
  }

  #tellLagging({ threadId, turnId }: ThreadEvent): void {
    const at = this.#laggingAt;
    const told = at === null || at < this.#head ? undefined : this.#events[at];
    const coalesced = told?.type === "codexkit.stream.lagging" ? told.coalesced + 1 : 1;
    const lagging: ThreadEvent = { type: "codexkit.stream.lagging", threadId, turnId, coalesced };
    if (at !== null && told !== undefined) this.#events[at] = lagging;
    else this.#laggingAt = this.#events.push(lagging) - 1;
  }

  #drop(): void {
    this.#events = [];
    this.#head = 0;
    this.#merged.clear();
    this.#laggingAt = null;
  }

  #notify(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const wake of waiters) wake();
  }
}
