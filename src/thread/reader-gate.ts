/**
 * Holds up a turn while its reader is behind. It stands open from the moment in which something else waits for the turn's
 * end: a turn must never wait for a reader who waits for the turn.
 */
export class ReaderGate {
  readonly #isBehind: () => boolean;
  #open = false;
  #wake: (() => void) | null = null;

  constructor(isBehind: () => boolean) {
    this.#isBehind = isBehind;
  }

  /** Whether `pass()` would wait now. */
  get shut(): boolean {
    return !this.#open && this.#isBehind();
  }

  /** Resolves when the reader is no longer behind, or the gate was opened. One at a time. */
  async pass(): Promise<void> {
    while (this.shut) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** The reader moved on. */
  check(): void {
    if (this.#wake !== null && !this.shut) this.#release();
  }

  /** Nothing is held up any more. */
  open(): void {
    this.#open = true;
    this.#release();
  }

  #release(): void {
    const wake = this.#wake;
    this.#wake = null;
    wake?.();
  }
}
