import { onAbort } from "../../internal/on-abort.js";

/** The time that a call of a tool has left. It stands still while somebody is asked. */
export interface CallClock {
  /** Fires when the time is up, or the call's own signal does. */
  readonly signal: AbortSignal;
  /** What the work gives, or null where the time was up or the signal fired first. Rejects as the work does. */
  within<T>(work: () => Promise<T>): Promise<{ readonly value: T } | null>;
  /** Ends the watch over the call's signal. */
  close(): void;
}

/** `limitMs` null is no bound. */
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
