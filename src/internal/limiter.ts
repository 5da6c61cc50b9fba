import { AbortedError } from "../errors/aborted-error.js";

export interface Limiter {
  readonly active: number;
  readonly waiting: number;
  /** The next task has to wait. */
  readonly full: boolean;
  /**
   * Runs the task when fewer than the maximum run: at once and synchronously where there is room, else in the order of
   * the calls. Rejects without running it when the signal fires while it waits (`AbortedError`) or the limiter closes.
   */
  run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T>;
  /** Rejects all who wait, and every later call, with `reason`. Running tasks are left alone. Idempotent. */
  close(reason: Error): void;
}

interface Waiter {
  start(): void;
  refuse(reason: Error): void;
}

/** At most `maximum` tasks at once; the rest wait first in, first out. */
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
      const leave = (): void => {
        waiters.delete(waiter);
        signal?.removeEventListener("abort", abort);
      };
      const waiter: Waiter = {
        start() {
          leave();
          resolve(occupy(task));
        },
        refuse(reason) {
          leave();
          reject(reason);
        },
      };
      const abort = (): void => waiter.refuse(new AbortedError(signal?.reason));
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
      for (const waiter of waiters) waiter.refuse(closedBy);
    },
  };
}
