/**
 * Values from a side that pushes to a reader that takes them in batches: all values that have been pushed since the last
 * one. The queue is unbounded, because its writers must never wait; its reader takes them at once.
 */
export class BatchQueue<T> {
  #values: T[] = [];
  #ended = false;
  #error: Error | null = null;
  #wake: (() => void) | null = null;

  push(value: T): void {
    if (this.#ended) return;
    this.#values.push(value);
    this.#notify();
  }

  /** Ignores further values. The reader still gets those that were pushed before, and then the error if there is one. */
  end(error: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#notify();
  }

  /** Removes and returns the values that have not been read. */
  drain(): readonly T[] {
    return this.#values.splice(0);
  }

  /**
   * Passes each batch to `take`, for one reader. Waits for a promise that `take` returns. Resolves after the last batch, or
   * when `take` returns, or resolves with, false; rejects with the error of `end()`, or of `take`. It is no async iterator,
   * because that costs several promises for each batch.
   */
  forEach(take: TakeBatch<T>): Promise<void> {
    return new Promise((resolve, reject) => {
      const step = (): void => {
        try {
          const taken = this.#pass(take);
          if (taken === undefined) this.#await(step, resolve, reject);
          else if (taken === false) resolve();
          else taken.then((last) => (last === false ? resolve() : step()), reject);
        } catch (error) {
          reject(error);
        }
      };
      step();
    });
  }

  /** Passes the batches until there is none, or until `take` returns false or a promise. Returns its last answer. */
  #pass(take: TakeBatch<T>): ReturnType<TakeBatch<T>> {
    while (this.#values.length > 0) {
      const batch = this.#values;
      this.#values = [];
      const taken = take(batch);
      if (taken !== undefined) return taken;
    }
    return undefined;
  }

  #await(step: () => void, resolve: () => void, reject: (error: Error) => void): void {
    if (!this.#ended) {
      // A later microtask than the push, so that values pushed together are one batch.
      this.#wake = () => {
        // Not by `queueMicrotask`, which costs Node a resource of its own.
        void now.then(step);
      };
      return;
    }
    const error = this.#error;
    this.#error = null;
    if (error === null) resolve();
    else reject(error);
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

const now = Promise.resolve();

/** Receives a batch. Returns, or resolves with, false if it wants no more; a promise delays the next batch. */
export type TakeBatch<T> = (batch: readonly T[]) => false | undefined | Promise<void> | Promise<false>;
