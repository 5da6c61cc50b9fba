/** The ends of the turns of one handle. */
export class HandleTurns {
  readonly #awaited = new Set<Promise<unknown>>();
  readonly #led = new Set<Promise<unknown>>();

  /** Registers the end of a caller's part in a turn. */
  track(ended: Promise<unknown>): void {
    keep(this.#awaited, ended);
  }

  /** Registers the end of a turn that the handle answers for. Callers of other handles may have joined it. */
  lead(ended: Promise<unknown>): void {
    keep(this.#led, ended);
  }

  /**
   * Waits until no caller of the handle takes part in a turn. Then resolves with the end of the turns that continue for callers
   * of other handles, or with null if there are none.
   */
  async settled(): Promise<{ readonly others: Promise<unknown> } | null> {
    await Promise.all(this.#awaited);
    return this.#led.size === 0 ? null : { others: Promise.all(this.#led) };
  }
}

function keep(ends: Set<Promise<unknown>>, ended: Promise<unknown>): void {
  ends.add(ended);
  void ended.then(() => ends.delete(ended));
}
