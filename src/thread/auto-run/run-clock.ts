import { onAbort } from "../../internal/on-abort.js";

/** Time and chance, as a run needs them. */
export interface RunClock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** From 0 up to 1. */
  readonly random: () => number;
  /** Resolves after so many milliseconds, or at once when the signal fires. It keeps the host alive. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export const runClock: RunClock = {
  now: () => Date.now(),
  random: () => Math.random(),
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      const timer = setTimeout(() => {
        stopListening();
        resolve();
      }, milliseconds);
      const stopListening = onAbort(signal, () => {
        clearTimeout(timer);
        resolve();
      });
    }),
};
