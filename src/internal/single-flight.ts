import { AbortedError } from "../errors/aborted-error.js";
import { ClientClosedError } from "../errors/client-closed-error.js";
import { untilAborted } from "./time/with-deadline.js";

interface Flight<T> {
  readonly result: Promise<T>;
  readonly abort: AbortController;
  fulfilled: boolean;
  value: T | undefined;
  callers: number;
}

export interface SingleFlightOptions {
  /** The task continues if all its callers have aborted, for the next caller. Default: false, it is aborted. */
  readonly lasting?: boolean;
}

/**
 * A task that many callers need and that runs once. Its value is kept for later callers. If it fails, it rejects for the
 * callers that wait for it, and the next caller starts it again.
 */
export class SingleFlight<T> {
  readonly #task: (signal: AbortSignal) => Promise<T>;
  readonly #lasting: boolean;
  readonly #running = new Set<Promise<unknown>>();
  #current: Flight<T> | null = null;
  #closed = false;

  constructor(task: (signal: AbortSignal) => Promise<T>, { lasting = false }: SingleFlightOptions = {}) {
    this.#task = task;
    this.#lasting = lasting;
  }

  /**
   * Returns the task's value. Rejects with an `AbortedError` if the signal fires first, without effect on other callers.
   */
  async get(signal?: AbortSignal): Promise<T> {
    if (this.#closed) throw new ClientClosedError();
    if (signal?.aborted === true) throw new AbortedError(signal.reason);
    const flight = (this.#current ??= this.#start());
    if (flight.fulfilled && flight.value !== undefined) return flight.value;
    flight.callers += 1;
    try {
      return await untilAborted(flight.result, signal);
    } catch (error) {
      const reason: unknown = flight.abort.signal.reason;
      throw reason instanceof ClientClosedError ? reason : error;
    } finally {
      flight.callers -= 1;
      if (flight.callers === 0 && !flight.fulfilled && !this.#lasting) this.#drop(flight);
    }
  }

  /** Forgets the value, if it is still the kept one: the next caller starts the task again. */
  forget(value: T): void {
    if (this.#current?.fulfilled === true && this.#current.value === value) this.#current = null;
  }

  /**
   * Aborts the task and waits until it has settled. Later calls of `get` reject with `ClientClosedError`, and waiting ones if the
   * task fails. Idempotent.
   */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#current !== null) this.#drop(this.#current);
    await Promise.allSettled(this.#running);
  }

  #start(): Flight<T> {
    const abort = new AbortController();
    const result = this.#task(abort.signal);
    const flight: Flight<T> = { result, abort, fulfilled: false, value: undefined, callers: 0 };
    this.#running.add(result);
    result.then(
      (value) => {
        flight.fulfilled = true;
        flight.value = value;
        this.#running.delete(result);
      },
      () => {
        this.#running.delete(result);
        this.#drop(flight);
      },
    );
    return flight;
  }

  #drop(flight: Flight<T>): void {
    if (this.#current === flight) this.#current = null;
    flight.abort.abort(this.#closed ? new ClientClosedError() : undefined);
  }
}
