/**
 * Values from one side that pushes to one reader that pulls: each pull gives all that has gathered. It is unbounded,
 * because its writers must never wait; the reader drains it at once.
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

  /** No further value is taken; the reader still gets what has gathered, then the error if there is one. */
  end(error: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#notify();
  }

  /** What has gathered and nobody read; the reader gets none of it. */
  drain(): readonly T[] {
    return this.#values.splice(0);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<readonly T[], void, undefined> {
    for (;;) {
      if (this.#values.length > 0) {
        const values = this.#values;
        this.#values = [];
        yield values;
      } else if (this.#ended) {
        if (this.#error !== null) throw this.#error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  #notify(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
