import type { ThreadEvent } from "../../protocol/index.js";

/** Number of unread events from which on deltas are merged. */
const defaultBufferBound = 1024;

/**
 * The unread events of a turn. Up to the bound every event is kept unchanged. Above the bound the deltas of one item are
 * merged without loss of text, all other events are kept, and one `codexkit.stream.lagging` event counts the deltas that
 * were merged into others.
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

  /** Ends the stream. The reader receives the error, if any, after the unread events, or at once if `drop` is set. */
  end(error: Error | null = null, { drop = false }: { readonly drop?: boolean } = {}): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    if (drop) this.#drop();
    this.#serve();
  }

  /** Drops the unread events and ends the stream. Called when the reader has left its loop. */
  drop(): void {
    this.#drop();
    this.end();
  }

  /** Resolves with the next event. Concurrent calls are served in order. */
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
    // Later deltas must not be merged into an older event that stands before this one.
    else this.#merged.delete(key);
    this.#events.push(event);
  }

  #merge(key: string, event: ThreadEvent): boolean {
    const index = this.#merged.get(key);
    const target = index === undefined || index < this.#head ? undefined : this.#events[index];
    const merged = target === undefined ? null : mergeDelta(target, event);
    if (index === undefined || merged === null) return false;
    this.#events[index] = merged;
    this.#reportLag(event);
    return true;
  }

  /** Stops merging into an item's deltas at its start and end: a provider may use an id again. */
  #closeItem(event: ThreadEvent): void {
    if (this.#merged.size === 0 || (event.type !== "item.started" && event.type !== "item.completed")) return;
    for (const key of this.#merged.keys()) if (isKeyOfItem(key, event.item.id)) this.#merged.delete(key);
  }

  #reportLag({ threadId, turnId }: ThreadEvent): void {
    const at = this.#laggingAt;
    const unread = at === null || at < this.#head ? undefined : this.#events[at];
    const coalesced = unread?.type === "codexkit.stream.lagging" ? unread.coalesced + 1 : 1;
    const lagging: ThreadEvent = { type: "codexkit.stream.lagging", threadId, turnId, coalesced };
    if (at !== null && unread !== undefined) this.#events[at] = lagging;
    else this.#laggingAt = this.#events.push(lagging) - 1;
  }

  #drop(): void {
    this.#events = [];
    this.#head = 0;
    this.#merged.clear();
    this.#laggingAt = null;
  }

  /** Frees the events that were read, also if the reader never catches up completely. */
  #forgetRead(): void {
    const read = this.#head;
    this.#events = this.#events.slice(read);
    this.#head = 0;
    this.#merged = new Map([...this.#merged].flatMap(([key, at]) => (at < read ? [] : [[key, at - read]])));
    this.#laggingAt = this.#laggingAt === null || this.#laggingAt < read ? null : this.#laggingAt - read;
  }
}

/**
 * Makes a turn wait while its reader is behind. It stays open from the moment at which other code waits for the end of the
 * turn: otherwise the turn could wait for a reader that waits for the turn.
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

  /** Resolves when the reader is no longer behind, or when the gate was opened. One call at a time. */
  async pass(): Promise<void> {
    while (this.shut) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Lets the turn continue if the reader has caught up. Called after each read. */
  check(): void {
    if (this.#wake !== null && !this.shut) this.#release();
  }

  /** Opens the gate for good. */
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

/** Returns the key that deltas must share to be merged: type, item and part of the item. Null if the event is no delta. */
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

/** Whether a merge key belongs to a delta of this item. */
function isKeyOfItem(key: string, itemId: string): boolean {
  const rest = key.slice(key.indexOf("\n") + 1);
  return rest === itemId || rest.startsWith(`${itemId}\n`);
}

/** Returns one delta with the text of both, or null if the two differ in kind. The merged event has no source line. */
export function mergeDelta(first: ThreadEvent, second: ThreadEvent): ThreadEvent | null {
  if (!("delta" in first && "delta" in second)) return null;
  if (first.type !== second.type || typeof first.delta !== "string" || typeof second.delta !== "string") return null;
  return { ...first, delta: joinText(first.delta, second.delta) };
}

/**
 * Joins two texts. The JavaScript engine stores a text made of many small additions as a tree, which takes ten times its
 * size, so the text is copied into one piece each time it has grown by a sixteenth.
 */
function joinText(head: string, tail: string): string {
  const length = head.length + tail.length;
  const step = Math.max(1024, 2 ** (31 - Math.clz32(length)) / 16);
  return Math.floor(head.length / step) === Math.floor(length / step) ? head + tail : [head, tail].join("");
}
