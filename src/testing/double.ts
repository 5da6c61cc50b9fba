/** The lifecycle that all doubles with resources share: assert, and close once. */
export abstract class Double implements AsyncDisposable {
  readonly #strict: boolean;
  #closed: Promise<void> | undefined;

  protected constructor(strict: boolean) {
    this.#strict = strict;
  }

  /**
   * Rejects with a `ScriptError` if the double was used differently from its script or recording. It rejects at most
   * once: a later call, or `close()`, ignores the same differences.
   */
  async assertDone(): Promise<void> {
    await Promise.resolve();
    this.check();
  }

  /**
   * Ends the double's processes and connections and removes its files. Then it asserts like `assertDone()`, unless the
   * option `strict` is false. Idempotent.
   */
  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** @internal Throws the differences from the script. */
  protected abstract check(): void;

  /** @internal Releases everything that the double has started. */
  protected abstract stop(): Promise<void>;

  async #close(): Promise<void> {
    await this.stop();
    if (this.#strict) this.check();
  }
}
