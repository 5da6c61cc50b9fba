import { onAbort } from "./on-abort.js";

/**
 * Returns a signal that fires when one of the signals does, with its reason. Unlike `AbortSignal.any` it accepts the signals of
 * another realm or of a polyfill, and works in jsdom, which may have no `AbortSignal.any`.
 */
export function anySignal(signals: readonly AbortSignal[]): AbortSignal {
  const own = signals.map(adopt);
  // eslint-disable-next-line no-restricted-syntax -- every signal is one of this realm
  return "any" in AbortSignal ? AbortSignal.any(own) : follow(own);
}

/** True for an object that can be used as an `AbortSignal`, also if another realm or a polyfill made it. */
export function isAbortSignal(value: unknown): value is AbortSignal {
  if (typeof value !== "object" || value === null) return false;
  const methods = ["addEventListener", "removeEventListener"];
  return (
    typeof Reflect.get(value, "aborted") === "boolean" &&
    methods.every((name) => typeof Reflect.get(value, name) === "function")
  );
}

/** Returns the signal itself if it is one of this realm, else one that follows it. */
function adopt(signal: AbortSignal): AbortSignal {
  // eslint-disable-next-line no-restricted-syntax -- the difference between the realms matters here
  if (signal instanceof AbortSignal) return signal;
  const known = adopted.get(signal);
  if (known !== undefined) return known;
  const made = follow([signal]);
  adopted.set(signal, made);
  return made;
}

/** One follower for each foreign signal, however often it is used. */
const adopted = new WeakMap<AbortSignal, AbortSignal>();

function follow(signals: readonly AbortSignal[]): AbortSignal {
  const controller = new AbortController();
  const stops: (() => void)[] = [];
  for (const signal of signals)
    stops.push(
      onAbort(signal, () => {
        controller.abort(signal.reason);
        for (const stop of stops) stop();
      }),
    );
  return controller.signal;
}
