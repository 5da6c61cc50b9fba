import type { ThreadEvent } from "../../protocol/index.js";
import type { Turn } from "../turn/turn.js";
import type { HookTracker } from "./hook-tracker.js";
import type { RunStop } from "./run-stop.js";

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

  /** Ends the turn, or only its reading, for what ends the run. */
  endBy({ kind }: RunStop): void {
    const dispose = (): Promise<void> => this.turn[Symbol.asyncDispose]();
    switch (kind) {
      case "approval":
        // Wakes who waits for an event that is not there.
        return this.#leave?.();
      case "break":
        return void dispose();
      case "abort":
        // The turn hears of it by its own signal, unless it is one that another run has left.
        return queueMicrotask(() => void dispose());
      case "closed":
        // What closed the thread ends the turn, too.
        return;
      default:
        this.turn.interrupt().catch(dispose);
    }
  }
}
