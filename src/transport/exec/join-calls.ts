/**
 * What codex says, line batch by line batch, joined with what is pushed beside it, in the order of arrival. The lines are
 * pulled only when the outcome is, one batch ahead at the most, so that a reader who waits holds up codex as ever. It ends
 * with the lines.
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
      const told = take();
      if (told?.kind === "batch") yield told.batch;
      if (told?.kind === "error") throw told.error;
      if (told?.kind === "end") return;
    }
  } finally {
    const left = lines.return?.();
    // With a pull under way it waits for codex, who may say nothing for long.
    if (pulling) left?.catch(() => undefined);
    else await left;
  }
}

type Pulled<T> =
  | { readonly kind: "batch"; readonly batch: readonly T[] }
  | { readonly kind: "end" }
  | { readonly kind: "error"; readonly error: unknown };

/** Values pushed by somebody who never waits, and the bell that wakes the one reader of both sides. */
export class SideChannel<T> {
  #values: T[] = [];
  #rings = 0;
  #wake: (() => void) | null = null;
  #closed = false;

  /** False where nobody will read it. */
  push(value: T): boolean {
    if (this.#closed) return false;
    this.#values.push(value);
    this.ring();
    return true;
  }

  take(): readonly T[] {
    return this.#values.splice(0);
  }

  ring(): void {
    this.#rings += 1;
    this.#wake?.();
  }

  /** Resolves when the bell rang since it was last asked. */
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
