import { setTimeout as delay } from "node:timers/promises";
import { AbortedError } from "../errors/aborted-error.js";
import { RpcOverloadedError } from "./rpc-errors.js";

export interface OverloadRetry {
  /** The number of attempts, including the first. Default: 5. */
  readonly attempts?: number | undefined;
  /**
   * The pause after the first refusal, in milliseconds. It doubles each time, minus up to a half at random. Default: 100.
   */
  readonly firstPauseMs?: number | undefined;
}

export interface RetrySignals {
  readonly signal: AbortSignal | undefined;
  /** Ends the pause at once. The next attempt then throws the reason. */
  readonly closing: AbortSignal;
}

/** Retries while the server is overloaded. Only for calls that can safely be repeated. */
export async function retryOverloaded<T>(
  attempt: () => Promise<T>,
  { signal, closing }: RetrySignals,
  { attempts = 5, firstPauseMs = 100 }: OverloadRetry,
): Promise<T> {
  const wake = signal === undefined ? closing : AbortSignal.any([signal, closing]);
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof RpcOverloadedError) || count >= attempts) throw error;
    }
    const pauseMs = firstPauseMs * 2 ** (count - 1) * (1 - Math.random() / 2);
    await delay(pauseMs, undefined, { signal: wake }).catch(() => undefined);
    if (signal?.aborted === true) throw new AbortedError(signal.reason);
  }
}
