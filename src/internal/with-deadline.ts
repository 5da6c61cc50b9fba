import { longestTimerMs } from "./milliseconds.js";
import { AbortedError } from "../errors/aborted-error.js";
import { onAbort as whenAborted } from "./on-abort.js";

export interface DeadlineOptions {
  /** Milliseconds from now. Absent, `Infinity` or over 24 days: no deadline. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The deadline alone does not keep the host alive: what it bounds does, or does not. Default: false. */
  readonly background?: boolean | undefined;
  /** Makes the error of an expired deadline. */
  readonly onTimeout: () => Error;
  /** Makes the error of an abort. Default: `AbortedError` with the signal's reason. */
  readonly onAbort?: ((reason: unknown) => Error) | undefined;
}

/**
 * The outcome of `work`, or a rejection when the deadline passes or the signal fires first. The work itself goes on;
 * what becomes of it then is ignored, never an unhandled rejection. Timer and listener are gone when this settles.
 */
export function withDeadline<T>(work: PromiseLike<T>, options: DeadlineOptions): Promise<T> {
  const { timeoutMs, signal, onTimeout, onAbort = (reason) => new AbortedError(reason) } = options;
  return new Promise<T>((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    let stopListening: (() => void) | undefined;
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      stopListening?.();
      finish();
    };
    const abort = (): void => settle(() => reject(onAbort(signal?.reason)));

    work.then(
      (value) => settle(() => resolve(value)),
      (error: unknown) => settle(() => reject(error)),
    );
    if (signal?.aborted === true) {
      abort();
      return;
    }
    if (signal !== undefined) stopListening = whenAborted(signal, abort);
    if (timeoutMs !== undefined && timeoutMs <= longestTimerMs) {
      timer = setTimeout(() => settle(() => reject(onTimeout())), timeoutMs);
      if (options.background === true) timer.unref();
    }
  });
}

/** The outcome of `work`, or an `AbortedError` when the signal fires first. */
export function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  return withDeadline(work, { signal, onTimeout: () => new Error("unreachable: there is no deadline") });
}
