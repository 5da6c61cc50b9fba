import type { ThreadEvent } from "../../protocol/index.js";

/** Events a reader may lag behind before deltas are merged. */
const defaultBufferBound = 1024;

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
  readonly #waiters: ((result: Promise<IteratorResult<ThreadEvent, undefined>>) => void)[] = [];
  #merged = new Map<string, number>();
  #laggingAt: number | null = null;

  constructor(bound = defaultBufferBound) {
    this.#bound = bound;
  }

  /** Whether the reader is so far behind that deltas are merged. */
  get full(): boolean {
    return this.#events.length - this.#head >= this.#bound;
  }

  push(events: readonly ThreadEvent[]): void {
    if (this.#ended) return;
    for (const event of events) this.#add(event);
    this.#serve();
  }

  /** No further event comes; the reader gets the error, if any, after what it has not read yet, or at once with `drop`. */
  end(error: Error | null = null, { drop = false }: { readonly drop?: boolean } = {}): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (drop) this.#drop();
    this.#serve();
  }

  /** Forgets what was not read: the reader left. */
  drop(): void {
    this.#drop();
    this.end();
  }

  /** The next event. Calls that wait at the same time are served in their order. */
  next(): Promise<IteratorResult<ThreadEvent, undefined>> {
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      this.#serve();
    });
  }

  #serve(): void {
    while (this.#waiters.length > 0 && (this.#head < this.#events.length || this.#ended)) {
      this.#waiters.shift()?.(this.#take());
    }
  }

  async #take(): Promise<IteratorResult<ThreadEvent, undefined>> {
    const event = this.#events[this.#head];
    if (event === undefined) return this.#finish();
    this.#head += 1;
    if (this.#head === this.#events.length) this.#drop();
    else if (this.#head > this.#bound && this.#head * 2 > this.#events.length) this.#forgetRead();
    return { done: false, value: event };
  }

  #finish(): IteratorResult<ThreadEvent, undefined> {
    const error = this.#error;
    this.#error = null;
    if (error !== null) throw error;
    return { done: true, value: undefined };
  }

  #add(event: ThreadEvent): void {
    const key = mergeKeyOf(event);
    const { full } = this;
    if (key === null) this.#closeItem(event);
    else if (full && this.#merge(key, event)) return;
    else if (full) this.#merged.set(key, this.#events.length);
    // It is kept beside an older one, so what follows must not be merged into that.
    else this.#merged.delete(key);
    this.#events.push(event);
  }

  #merge(key: string, event: ThreadEvent): boolean {
    const index = this.#merged.get(key);
    const target = index === undefined || index < this.#head ? undefined : this.#events[index];
    const merged = target === undefined ? null : mergeDelta(target, event);
    if (index === undefined || merged === null) return false;
    this.#events[index] = merged;
    this.#tellLagging(event);
    return true;
  }

  /** An item's deltas stay on their side of its beginning and its end: a provider may use an id again. */
  #closeItem(event: ThreadEvent): void {
    if (this.#merged.size === 0 || (event.type !== "item.started" && event.type !== "item.completed")) return;
    for (const key of this.#merged.keys()) if (isKeyOfItem(key, event.item.id)) this.#merged.delete(key);
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

  /** A reader who never quite catches up must not keep alive what it has read. */
  #forgetRead(): void {
    const read = this.#head;
    this.#events = this.#events.slice(read);
    this.#head = 0;
    this.#merged = new Map([...this.#merged].flatMap(([key, at]) => (at < read ? [] : [[key, at - read]])));
    this.#laggingAt = this.#laggingAt === null || this.#laggingAt < read ? null : this.#laggingAt - read;
  }
}

/**
 * Holds up a turn while its reader is behind. It stands open from the moment in which something else waits for the turn's
 * end: a turn must never wait for a reader who waits for the turn.
 */
export class ReaderGate {
  readonly #isBehind: () => boolean;
  #open = false;
  #wake: (() => void) | null = null;

  constructor(isBehind: () => boolean) {
    this.#isBehind = isBehind;
  }

  /** Whether `pass()` would wait now. */
  get shut(): boolean {
    return !this.#open && this.#isBehind();
  }

  /** Resolves when the reader is no longer behind, or the gate was opened. One at a time. */
  async pass(): Promise<void> {
    while (this.shut) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The reader moved on. */
  check(): void {
    if (this.#wake !== null && !this.shut) this.#release();
  }

  /** Nothing is held up any more. */
  open(): void {
    this.#open = true;
    this.#release();
  }

  #release(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

/** What deltas must share to be merged, or null for an event that is none: its type, its item and its part of it. */
export function mergeKeyOf(event: ThreadEvent): string | null {
  switch (event.type) {
    case "item.agentMessage.delta":
    case "item.plan.delta":
    case "item.commandExecution.outputDelta":
      return `${event.type}\n${event.itemId}`;
    case "item.reasoning.summaryTextDelta":
      return `${event.type}\n${event.itemId}\n${event.summaryIndex}`;
    case "item.reasoning.textDelta":
      return `${event.type}\n${event.itemId}\n${event.contentIndex}`;
    default:
      return null;
  }
}

/** Whether a merge key is of a delta of this item. */
export function isKeyOfItem(key: string, itemId: string): boolean {
  const rest = key.slice(key.indexOf("\n") + 1);
  return rest === itemId || rest.startsWith(`${itemId}\n`);
}

/** One delta with the text of both, or null where the two are not of one kind. The merged event has no source line. */
export function mergeDelta(first: ThreadEvent, second: ThreadEvent): ThreadEvent | null {
  if (!("delta" in first && "delta" in second)) return null;
  if (first.type !== second.type || typeof first.delta !== "string" || typeof second.delta !== "string") return null;
  return { ...first, delta: joinText(first.delta, second.delta) };
}

/**
 * A text made of many small additions is kept by the engine as a tree of them, ten times its size. Now and then, each
 * time it has grown by a sixteenth, it is copied into one piece.
 */
function joinText(head: string, tail: string): string {
  const length = head.length + tail.length;
  const step = Math.max(1024, 2 ** (31 - Math.clz32(length)) / 16);
  return Math.floor(head.length / step) === Math.floor(length / step) ? head + tail : [head, tail].join("");
}
