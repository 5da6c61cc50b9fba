import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { longestTimerMs } from "./milliseconds.js";
import { AbortedError } from "../../errors/aborted-error.js";
import { onAbort as whenAborted } from "../abort/on-abort.js";

export interface DeadlineOptions {
  /** Milliseconds from now. There is no deadline if it is absent, `Infinity` or over 24 days. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** The timer does not keep the host program alive. Default: false. */
  readonly background?: boolean | undefined;
  /** Returns the error of an expired deadline. */
  readonly onTimeout: () => Error;
  /** Returns the error of an abort. Default: `AbortedError` with the signal's reason. */
  readonly onAbort?: ((reason: unknown) => Error) | undefined;
}

/**
 * Settles as `work` does, or rejects if the deadline passes or the signal fires first. The work itself continues then,
 * and its outcome is ignored: it causes no unhandled rejection. The timer and the listener are removed when this settles.
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
      const due = performance.now() + timeoutMs;
      const expire = (): void => settle(() => reject(onTimeout()));
      // If the host program has blocked its event loop, the outcome may wait in a pipe, which is read before immediates are called.
      timer = setTimeout(() => (performance.now() - due < blockedMs ? expire() : setImmediate(expire)), timeoutMs);
      if (options.background === true) timer.unref();
    }
  });
}

/** A timer that is later than this has waited for the host program. */
const blockedMs = 20;

/** Settles as `work` does, or rejects with an `AbortedError` if the signal fires first. */
export function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  return withDeadline(work, { signal, onTimeout: () => new Error("unreachable: there is no deadline") });
}
