import { AbortedError } from "../errors/aborted-error.js";

export interface Limiter {
  readonly active: number;
  readonly waiting: number;
  /** True if the next task has to wait. */
  readonly full: boolean;
  /**
   * Runs the task when fewer than the maximum run: synchronously if there is room, else in the order of the calls. Rejects
   * without running it if the signal fires while it waits (`AbortedError`), or if the limiter closes.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Rejects all waiting tasks, and every later call, with `reason`. Running tasks continue. Idempotent. */
  close(reason: Error): void;
}

interface Waiter {
  start(): void;
  reject(reason: Error): void;
}

/** Runs at most `maximum` tasks at once. The others wait, first in, first out. */
export function createLimiter(maximum: number): Limiter {
  const waiters = new Set<Waiter>();
  let active = 0;
  let closedBy: Error | undefined;

  async function occupy<T>(task: () => Promise<T>): Promise<T> {
    active += 1;
    try {
      return await task();
    } finally {
      active -= 1;
      startNext();
    }
  }

  function startNext(): void {
    for (const waiter of waiters) {
      if (active >= maximum) return;
      waiter.start();
    }
  }

  function wait<T>(task: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const remove = (): void => {
        waiters.delete(waiter);
        signal?.removeEventListener("abort", abort);
      };
      const waiter: Waiter = {
        start() {
          remove();
          resolve(occupy(task));
        },
        reject(reason) {
          remove();
          reject(reason);
        },
      };
      const abort = (): void => waiter.reject(new AbortedError(signal?.reason));
      signal?.addEventListener("abort", abort, { once: true });
      waiters.add(waiter);
    });
  }

  return {
    get active() {
      return active;
    },
    get waiting() {
      return waiters.size;
    },
    get full() {
      return active >= maximum;
    },
    run(task, signal) {
      if (closedBy !== undefined) return Promise.reject(closedBy);
      if (signal?.aborted === true) return Promise.reject(new AbortedError(signal.reason));
      return active < maximum ? occupy(task) : wait(task, signal);
    },
    close(reason) {
      closedBy ??= reason;
      for (const waiter of waiters) waiter.reject(closedBy);
    },
  };
}
