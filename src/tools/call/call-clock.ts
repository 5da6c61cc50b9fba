import { clearTimeout, setTimeout } from "node:timers";
import { onAbort } from "../../internal/abort/on-abort.js";

/** The time limit of a tool call. It does not count the wait for an approval. */
interface CallClock {
  /** Aborts at the time limit, or when the call's own signal aborts. */
  readonly signal: AbortSignal;
  /** Runs the work and returns its value, or `null` if the signal aborts first. Rejects if the work rejects. */
  within<T>(work: () => Promise<T>): Promise<{ readonly value: T } | null>;
  /** Removes the listener on the call's signal. */
  close(): void;
}

/** Creates the clock of a call. `limitMs`: `null` for no limit. */
export function createCallClock(limitMs: number | null, end: AbortSignal): CallClock {
  const controller = new AbortController();
  const { signal } = controller;
  const close = onAbort(end, () => controller.abort(end.reason));
  let leftMs = limitMs;
  return {
    signal,
    close,
    async within<T>(work: () => Promise<T>) {
      const started = performance.now();
      const late = new DOMException(`the tool took longer than ${limitMs ?? 0} ms`, "TimeoutError");
      const timer = leftMs === null ? undefined : setTimeout(() => controller.abort(late), leftMs);
      let stop = (): void => undefined;
      const over = new Promise<null>((resolve) => {
        stop = onAbort(signal, () => resolve(null));
      });
      try {
        return await Promise.race([over, work().then((value) => ({ value }))]);
      } finally {
        clearTimeout(timer);
        stop();
        if (leftMs !== null) leftMs = Math.max(0, leftMs - (performance.now() - started));
      }
    },
  };
}
