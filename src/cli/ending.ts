import type { CliHost, InterruptTaker } from "./cli-host.js";

export const endSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
export type EndSignal = (typeof endSignals)[number];

/** How a process is asked to end, and what becomes of that. */
export interface Ending extends Pick<CliHost, "signal" | "onInterrupt"> {
  /** One of the signals came. */
  receive(signal: EndSignal): void;
  /** Ends the command for another reason. */
  abort(reason: Error): void;
}

export interface EndingOptions {
  /** Milliseconds, growing. */
  readonly now: () => number;
  /** Ends the process as the signal does where nobody listens. */
  readonly die: (signal: EndSignal) => void;
}

/** One key press may come twice within this many milliseconds: from the terminal, and handed on by npx. */
const echoMs = 200;

/**
 * The first signal asks, or, as Ctrl-C, interrupts what can be interrupted. Whoever sends a second one wants the process
 * gone, and it goes at once.
 */
export function createEnding({ now, die }: EndingOptions): Ending {
  const controller = new AbortController();
  let taker: InterruptTaker | null = null;
  let first: { readonly signal: EndSignal; readonly at: number; readonly gentle: boolean } | null = null;

  function ask(signal: EndSignal): void {
    const gentle = signal === "SIGINT" && taker?.interrupt() === true;
    first = { signal, at: now(), gentle };
    if (!gentle) controller.abort(new Error(`ended by ${signal}`));
  }

  return {
    signal: controller.signal,
    onInterrupt(given) {
      taker = given;
      return () => {
        if (taker === given) taker = null;
      };
    },
    receive(signal) {
      if (first === null || (first.gentle && signal !== "SIGINT")) return ask(signal);
      if (signal === first.signal && now() - first.at < echoMs) return;
      taker?.lastWords();
      die(signal);
    },
    abort(reason) {
      controller.abort(reason);
    },
  };
}
