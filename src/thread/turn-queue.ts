import { AbortedError } from "../errors/aborted-error.js";
import { untilAborted } from "../internal/time/with-deadline.js";

/** Runs one turn of a thread at a time, in the order of arrival. */
export class TurnQueue {
  #tail: Promise<void> = Promise.resolve();
  #size = 0;
  #listener: (() => void) | null = null;

  /** Whether a turn that enters now would have to wait. */
  get busy(): boolean {
    return this.#size > 0;
  }

  /** Calls `listener` once, when a turn is queued behind the running one. Returns an unsubscribe function. */
  onQueued(listener: () => void): () => void {
    if (this.#size > 1) listener();
    else this.#listener = listener;
    return () => {
      if (this.#listener === listener) this.#listener = null;
    };
  }

  /** Waits until the turn may run. Returns the function that admits the next turn. An aborted `signal` leaves the queue. */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#tail;
    let admitNext: () => void = () => undefined;
    const own = new Promise<void>((resolve) => {
      admitNext = resolve;
    });
    this.#size += 1;
    if (this.#size > 1) this.#notify();
    const leave = (): void => {
      this.#size -= 1;
      admitNext();
    };
    this.#tail = before.then(() => own);
    try {
      if (this.#size > 1) await untilAborted(before, signal);
      else if (signal.aborted) throw new AbortedError(signal.reason);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  #notify(): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.();
  }
}
