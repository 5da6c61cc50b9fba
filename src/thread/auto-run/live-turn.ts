import type { ThreadEvent } from "../../protocol/index.js";
import type { Turn } from "../turn.js";
import type { HookTracker } from "./hook-tracker.js";

/** A turn of a run that is being read. The run may leave it and go on with it later: no event is lost in between. */
export class LiveTurn {
  readonly turn: Turn<unknown>;
  readonly tracker: HookTracker;
  /** A tool was called that may have no item of its own yet. */
  toolCalled = false;
  readonly #events: AsyncIterator<ThreadEvent>;
  #pending: Promise<IteratorResult<ThreadEvent, unknown>> | null = null;
  #leave: (() => void) | null = null;

  constructor(turn: Turn<unknown>, tracker: HookTracker) {
    this.turn = turn;
    this.tracker = tracker;
    this.#events = turn[Symbol.asyncIterator]();
  }

  /** The next event; `over` where none comes, for whatever reason, and `left` after `leave()`. */
  async next(): Promise<ThreadEvent | "over" | "left"> {
    this.#pending ??= this.#events.next();
    const pending = this.#pending;
    const left = new Promise<"left">((resolve) => {
      this.#leave = () => resolve("left");
    });
    // How the turn ended is told by its result.
    const next = await Promise.race([pending.catch(() => ({ done: true as const, value: undefined })), left]);
    if (next === "left") return next;
    this.#pending = null;
    return next.done === true ? "over" : next.value;
  }

  /** Wakes who waits for an event that is not there. */
  leave(): void {
    this.#leave?.();
  }
}
