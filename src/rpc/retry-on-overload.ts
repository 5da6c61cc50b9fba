import { setTimeout as delay } from "node:timers/promises";
import { AbortedError } from "../errors/aborted-error.js";
import { CodexError } from "../errors/codex-error.js";
import { adviseName } from "../errors/nearest-name.js";
import { OptionError } from "../errors/option-error.js";
import { checkMillisecondsOrZero } from "../internal/time/milliseconds.js";
import { anySignal } from "../internal/abort/any-signal.js";

/** The options of {@link retryOnOverload}. */
export interface RetryOnOverloadOptions {
  /** The number of attempts, including the first. Default: 3. */
  readonly maxAttempts?: number | undefined;
  /** The delay before the second attempt, in milliseconds. It doubles with each further attempt. Default: 250. */
  readonly initialDelayMs?: number | undefined;
  /** The limit of the delay, in milliseconds, before the jitter. Default: 2,000. */
  readonly maxDelayMs?: number | undefined;
  /** The random part of a delay, from 0 to 1. With 0.2 a delay is up to 20 % shorter or longer. Default: 0.2. */
  readonly jitterRatio?: number | undefined;
  /** Ends the delay. The call then rejects with an `AbortedError`. Pass the signal to the operation, too. */
  readonly signal?: AbortSignal | undefined;
}

export type OverloadRetry = Omit<RetryOnOverloadOptions, "signal">;

/**
 * Calls `operation` again if it rejects with `SERVER_OVERLOADED`, which codex answers instead of handling a request. Any
 * other error, and that of the last attempt, rejects at once. Requests that only read are repeated without this function.
 * Rejects with an `OptionError` for an invalid option.
 *
 * @example
 * ```ts
 * import { Codex, retryOnOverload } from "codexkit";
 *
 * await using codex = new Codex();
 * await retryOnOverload(() => codex.appServer.request("thread/archive", { threadId: "01a2b3c4" }), { maxAttempts: 5 });
 * ```
 */
export async function retryOnOverload<T>(
  operation: () => T | PromiseLike<T>,
  options: RetryOnOverloadOptions = {},
): Promise<T> {
  checkOptions(options);
  const { signal } = options;
  if (signal?.aborted === true) throw new AbortedError(signal.reason);
  return repeatOnOverload(operation, options, { signal });
}

export interface RetryLimits {
  readonly signal?: AbortSignal | undefined;
  /** Ends a delay at once. The next attempt then rejects with the reason. */
  readonly closing?: AbortSignal | undefined;
  /** The time of `performance.now()` at which no delay may end. Default: none. */
  readonly deadline?: number | undefined;
  /** The delay does not keep the host program alive. Default: false. */
  readonly background?: boolean | undefined;
}

/** `retryOnOverload` without the checks of its options. */
export async function repeatOnOverload<T>(
  attempt: () => T | PromiseLike<T>,
  { maxAttempts = 3, ...delays }: OverloadRetry,
  { signal, closing, deadline = Infinity, background = false }: RetryLimits,
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await attempt();
    } catch (error) {
      const pauseMs = overloadDelayMs(count, delays);
      const late = performance.now() + pauseMs >= deadline;
      if (!isOverload(error) || count >= maxAttempts || late) throw error;
      const wake = anySignal([signal, closing].filter((each) => each !== undefined));
      await delay(pauseMs, undefined, { signal: wake, ref: !background }).catch(() => undefined);
    }
    if (signal?.aborted === true) throw new AbortedError(signal.reason);
  }
}

function isOverload(error: unknown): boolean {
  return CodexError.isInstance(error) && error.code === "SERVER_OVERLOADED";
}

/** Returns the milliseconds between an attempt, counted from 1, and the next one. */
export function overloadDelayMs(
  attempt: number,
  { initialDelayMs = 250, maxDelayMs = 2_000, jitterRatio = 0.2 }: OverloadRetry,
): number {
  const jitter = 1 + jitterRatio * (2 * Math.random() - 1);
  return Math.min(maxDelayMs, initialDelayMs * 2 ** (attempt - 1)) * jitter;
}

function checkOptions({ signal: _, ...options }: RetryOnOverloadOptions): void {
  for (const [name, value] of Object.entries<unknown>(options)) {
    const check = checks.get(name);
    if (check === undefined) {
      const advice = adviseName(name, [...checks.keys(), "signal"]);
      throw new OptionError("UNKNOWN_OPTION", name, `Unknown option \`${name.slice(0, 80)}\`. ${advice}`);
    }
    const problem = value === undefined ? null : check(value);
    if (problem !== null) throw new OptionError("INVALID_OPTION", name, `\`${name}\` ${problem}.`);
  }
}

const checks: ReadonlyMap<string, (value: unknown) => string | null> = new Map([
  [
    "maxAttempts",
    (value) => (Number.isSafeInteger(value) && Number(value) >= 1 ? null : "must be a whole number from 1"),
  ],
  ["initialDelayMs", checkMillisecondsOrZero],
  ["maxDelayMs", checkMillisecondsOrZero],
  ["jitterRatio", (value) => (typeof value === "number" && value >= 0 && value <= 1 ? null : "must be from 0 to 1")],
]);
