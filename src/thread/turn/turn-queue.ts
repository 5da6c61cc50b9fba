import { untilAborted } from "../../internal/with-deadline.js";

/** One turn at a time on a thread, first come, first served. */
export class TurnQueue {
  #tail: Promise<void> = Promise.resolve();
  #waiting = 0;
  #wanted: (() => void) | null = null;

  /** Whether a turn entered now would have to wait. */
  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Tells, once, of the first turn that waits behind the one that runs. Gives the function that asks no more. */
  onWanted(listener: () => void): () => void {
    if (this.#waiting > 1) listener();
    else this.#wanted = listener;
    return () => {
      if (this.#wanted === listener) this.#wanted = null;
    };
  }

  /** Waits for its turn and gives the function that lets the next one in. An abort leaves the queue. */
  async enter(signal: AbortSignal): Promise<() => void> {
    const before = this.#tail;
    let open: () => void = () => undefined;
    const own = new Promise<void>((resolve) => {
      open = resolve;
    });
    this.#waiting += 1;
    if (this.#waiting > 1) this.#tellWanted();
    const leave = (): void => {
      this.#waiting -= 1;
      open();
    };
    this.#tail = before.then(() => own);
    try {
      await untilAborted(before, signal);
    } catch (error) {
      leave();
      throw error;
    }
    return leave;
  }

  #tellWanted(): void {
    const listener = this.#wanted;
    this.#wanted = null;
    listener?.();
  }
}
