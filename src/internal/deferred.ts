/** A promise with its `resolve` and `reject`. It never causes an unhandled rejection by itself. */
export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly settled: boolean;
  resolve(value: T): void;
  reject(reason: unknown): void;
}

export function createDeferred<T>(): Deferred<T> {
  return new SettledFromOutside<T>();
}

/** A class, because each turn creates a dozen and closures cost more. */
class SettledFromOutside<T> implements Deferred<T> {
  readonly promise: Promise<T>;
  settled = false;
  #resolve: ((value: T) => void) | null = null;
  #reject: ((reason: unknown) => void) | null = null;

  constructor() {
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  resolve(value: T): void {
    this.settled = true;
    this.#resolve?.(value);
  }

  reject(reason: unknown): void {
    if (!this.settled) this.promise.catch(() => undefined);
    this.settled = true;
    this.#reject?.(reason);
  }
}
