/**
 * Calls the listener when the signal fires, or now if it has fired. Returns an unsubscribe function. One signal has a
 * single event listener for all callers, because Node warns of a leak at the eleventh.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return () => undefined;
  }
  const watch = watches.get(signal) ?? new Watch(signal);
  watches.set(signal, watch);
  watch.listeners.add(listener);
  return () => {
    watch.listeners.delete(listener);
    if (watch.listeners.size > 0 || watches.get(signal) !== watch) return;
    watches.delete(signal);
    signal.removeEventListener("abort", watch.fire);
  };
}

/** Signals with listeners. */
const watches = new WeakMap<AbortSignal, Watch>();

class Watch {
  readonly listeners = new Set<() => void>();
  readonly fire = (): void => {
    for (const listener of this.listeners) listener();
  };

  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", this.fire, { once: true });
  }
}
