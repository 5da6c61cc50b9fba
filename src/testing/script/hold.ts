import { clearTimeout, setTimeout } from "node:timers";
import { createDeferred } from "../../internal/deferred.js";
import { onAbort } from "../../internal/abort/on-abort.js";

/** A part that delays the rest of a response. Created by {@link gate} or {@link stall}. */
export interface Hold {
  readonly type: "hold";
  /** Resolves when the hold is over, or when `signal` fires because the client has disconnected. */
  wait(signal: AbortSignal): Promise<void>;
}

/** A hold that the test opens. Created by {@link gate}. */
export interface Gate extends Hold {
  /** Resolves when a response has reached the gate: all earlier parts have been sent. */
  readonly reached: Promise<void>;
  /** Releases the response. Idempotent; may be called before the gate is reached. */
  open(): void;
}

/**
 * Stops a response until the test opens it, so that a test of steering or interrupting is deterministic. Put it between
 * the items of a response, or between the deltas of an item. Use each gate in one place only.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 * import { createScriptedModel, gate, message, respond } from "codexkit/testing";
 *
 * const held = gate();
 * await using model = await createScriptedModel([respond(message("Hello", { deltas: ["Hel", held, "lo"] }))]);
 * await using codex = new Codex(model.codexOptions());
 * const turn = await codex.startThread().runStreamed("Say hello").start();
 * await held.reached; // the first three letters have been sent
 * await turn.interrupt();
 * ```
 */
export function gate(): Gate {
  const reached = createDeferred<void>();
  const opened = createDeferred<void>();
  return {
    type: "hold",
    reached: reached.promise,
    open: () => opened.resolve(),
    async wait(signal) {
      reached.resolve();
      await settledOrAborted(opened.promise, signal);
    },
  };
}

/**
 * Pauses a response: for a number of milliseconds, until a promise settles, or, without an argument, until the client
 * disconnects. Use it to test an idle timeout.
 */
export function stall(until?: number | Promise<unknown>): Hold {
  return {
    type: "hold",
    async wait(signal) {
      if (typeof until === "number") await pause(until, signal);
      else await settledOrAborted(until ?? new Promise<never>(() => undefined), signal);
    },
  };
}

/** Resolves after the time has passed, or immediately when the signal fires. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

/** Resolves when the promise has settled or the signal has fired, whichever happens first. */
export async function settledOrAborted(promise: Promise<unknown>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const aborted = createDeferred<void>();
  const stop = onAbort(signal, () => aborted.resolve());
  try {
    await Promise.race([promise.catch(() => undefined), aborted.promise]);
  } finally {
    stop();
  }
}
