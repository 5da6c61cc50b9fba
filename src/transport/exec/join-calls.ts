/**
 * Yields the batches of lines and the values of the side channel in the order of arrival. Lines are read only on demand and
 * at most one batch ahead, so that a slow reader still slows codex down. Ends with the lines.
 */
export async function* joinCalls<T>(
  lines: AsyncIterator<readonly T[], void>,
  beside: SideChannel<T>,
): AsyncGenerator<readonly T[], void, undefined> {
  let pulling = false;
  let pulled: Pulled<T> | null = null;
  const settle = (outcome: Pulled<T>): void => {
    pulled = outcome;
    beside.ring();
  };
  const take = (): Pulled<T> | null => {
    const taken = pulled;
    pulled = null;
    if (taken !== null) pulling = false;
    return taken;
  };
  try {
    for (;;) {
      if (!pulling) {
        pulling = true;
        lines.next().then(
          (result) => settle(result.done === true ? { kind: "end" } : { kind: "batch", batch: result.value }),
          (error: unknown) => settle({ kind: "error", error }),
        );
      }
      await beside.rung();
      const pushed = beside.take();
      if (pushed.length > 0) yield pushed;
      const next = take();
      if (next?.kind === "batch") yield next.batch;
      if (next?.kind === "error") throw next.error;
      if (next?.kind === "end") return;
    }
  } finally {
    const returned = lines.return?.();
    // During a pull it waits for the next output of codex, which may take long.
    if (pulling) returned?.catch(() => undefined);
    else await returned;
  }
}

type Pulled<T> =
  | { readonly kind: "batch"; readonly batch: readonly T[] }
  | { readonly kind: "end" }
  | { readonly kind: "error"; readonly error: unknown };

/** A queue of values, with a signal that wakes the reader of the queue and of the lines. Pushing never waits. */
export class SideChannel<T> {
  #values: T[] = [];
  #rings = 0;
  #wake: (() => void) | null = null;
  #closed = false;

  /** Returns false if the channel is closed. */
  push(value: T): boolean {
    if (this.#closed) return false;
    this.#values.push(value);
    this.ring();
    return true;
  }

  take(): readonly T[] {
    return this.#values.splice(0);
  }

  /** Wakes the reader. */
  ring(): void {
    this.#rings += 1;
    this.#wake?.();
  }

  /** Resolves when `ring()` was called after the last call of this method. */
  async rung(): Promise<void> {
    if (this.#rings === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    this.#rings = 0;
  }

  close(): void {
    this.#closed = true;
  }
}
