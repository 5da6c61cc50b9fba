import type { CliHost, InterruptHandler } from "./cli-host.js";

export const endSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type EndSignal = (typeof endSignals)[number];

/** Turns the signals of the process into the end of its command. */
export interface Ending extends Pick<CliHost, "signal" | "onInterrupt"> {
  /** Handles a signal of the process. */
  receive(signal: EndSignal): void;
  /** Ends the command for another reason. */
  abort(reason: Error): void;
}

export interface EndingOptions {
  /** Returns the milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Ends the process with the default action of the signal. */
  readonly die: (signal: EndSignal) => void;
}

/** Milliseconds within which a repeated signal counts as the same key press: npx forwards the signal of the terminal. */
const echoMs = 200;

/**
 * The first signal aborts the command. If the signal is Ctrl-C and the command can be interrupted, it interrupts it instead.
 * The second signal ends the process at once.
 */
export function createEnding({ now, die }: EndingOptions): Ending {
  const controller = new AbortController();
  let handler: InterruptHandler | null = null;
  let first: { readonly signal: EndSignal; readonly at: number; readonly gentle: boolean } | null = null;

  function requestEnd(signal: EndSignal): void {
    const gentle = signal === "SIGINT" && handler?.interrupt() === true;
    first = { signal, at: now(), gentle };
    if (!gentle) controller.abort(new Error(`ended by ${signal}`));
  }

  return {
    signal: controller.signal,
    onInterrupt(added) {
      handler = added;
      return () => {
        if (handler === added) handler = null;
      };
    },
    receive(signal) {
      if (first === null || (first.gentle && signal !== "SIGINT")) return requestEnd(signal);
      if (signal === first.signal && now() - first.at < echoMs) return;
      handler?.beforeExit();
      die(signal);
    },
    abort(reason) {
      controller.abort(reason);
    },
  };
}
