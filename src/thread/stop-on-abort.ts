import { onAbort } from "../internal/abort/on-abort.js";
import type { Stop } from "./turn/turn-result.js";
import type { TurnThread } from "./turn/turn-thread.js";

/** Calls `stop` when the signal aborts, or when the thread or its client closes. Returns a function that ends the wait. */
export function stopOnAbort(
  thread: Pick<TurnThread, "closed" | "closedBy">,
  signal: AbortSignal | null,
  stop: (reason: Stop) => Promise<void>,
): () => void {
  const { closed } = thread;
  const endClose = closed.aborted
    ? null
    : onAbort(closed, () => void stop({ kind: "closed", closed: thread.closedBy }));
  const endAbort = signal === null ? null : onAbort(signal, () => void stop({ kind: "abort", reason: signal.reason }));
  return () => {
    endClose?.();
    endAbort?.();
  };
}
