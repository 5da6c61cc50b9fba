/**
 * Values from a side that pushes to a reader that pulls. Each pull takes all values that have been pushed since the last
 * one. The queue is unbounded, because its writers must never wait; its reader takes them at once.
 */
export class BatchQueue<T> implements AsyncIterable<readonly T[]> {
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

  /** For one reader, which pulls one batch after the other. */
  [Symbol.asyncIterator](): AsyncIterator<readonly T[], undefined> {
    // No generator: it costs several promises for each batch, and every event passes two queues.
    let done = false;
    return {
      next: () => (done ? ended : this.#next()),
      return: () => {
        done = true;
        return ended;
      },
    };
  }

  #next(): Promise<IteratorResult<readonly T[], undefined>> {
    if (this.#values.length > 0) {
      const value = this.#values;
      this.#values = [];
      return Promise.resolve({ done: false, value });
    }
    if (!this.#ended) {
      // A later microtask than the push, so that values pushed together are one batch.
      return new Promise<void>((resolve) => {
        this.#wake = resolve;
      }).then(() => this.#next());
    }
    const error = this.#error;
    this.#error = null;
    return error === null ? ended : Promise.reject(error);
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}

const ended: Promise<IteratorReturnResult<undefined>> = Promise.resolve({ done: true, value: undefined });
