/** Batches pushed on one side, pulled on the other. Holds what is not yet pulled without a bound. */
export interface BatchQueue<T> {
  readonly batches: AsyncIterable<readonly T[]>;
  push(items: readonly T[]): void;
  /** No more will come; what is held can still be pulled. */
  end(): void;
}

/** A pull gets all that is held at once. Pushes after the end, or after the reader left, are dropped. */
export function createBatchQueue<T>(): BatchQueue<T> {
  let held: T[] = [];
  let claimed = false;
  let ended = false;
  let wake: (() => void) | undefined;

  const beat = (): void => {
    wake?.();
    wake = undefined;
  };

  async function next(): Promise<IteratorResult<readonly T[], undefined>> {
    while (held.length === 0) {
      if (ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const value = held;
    held = [];
    return { done: false, value };
  }

  function leave(): Promise<IteratorResult<readonly T[], undefined>> {
    ended = true;
    held = [];
    beat();
    return Promise.resolve({ done: true, value: undefined });
  }

  return {
    batches: {
      [Symbol.asyncIterator]() {
        if (claimed) throw new Error("The messages of a peer can be read once.");
        claimed = true;
        return { next, return: leave };
      },
    },
    push(items) {
      if (ended || items.length === 0) return;
      held.push(...items);
      beat();
    },
    end() {
      ended = true;
      beat();
    },
  };
}
