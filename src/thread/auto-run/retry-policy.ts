import type { CodexError } from "../../errors/codex-error.js";
import type { ErrorCode } from "../../errors/error-codes.js";
import { RunCallbackError } from "./auto-run-errors.js";
import { retryAtOf } from "./retry-at.js";
import { isTransientFailure, isUsageLimit } from "./transient-failure.js";

/** How a run tries a failed turn again. It does so only where the turn had no side effect yet. */
export interface RetryPolicy {
  /** How often one turn is tried, the first try counted. Default: 3. 1 is no retry. */
  readonly attempts?: number | undefined;
  /** The longest wait before the second try, in milliseconds. Default: 1,000. */
  readonly initialDelayMs?: number | undefined;
  /** The longest wait before any try, in milliseconds; a time that codex names goes before it. Default: 30,000. */
  readonly maxDelayMs?: number | undefined;
  /** By what the longest wait grows from try to try. Default: 2. */
  readonly factor?: number | undefined;
  /** Waits a random part of the longest wait, so that many runs do not come back at once. Default: true. */
  readonly jitter?: boolean | undefined;
  /**
   * Which errors are worth another try: a list of codes, or a function. Default: those with `retryable: true`, a codex
   * that died (`PROCESS_EXITED`), on exec codex's own sentences for a service that is overloaded or a stream that was cut,
   * and a usage limit whose end codex names, if it is within `maxRetryAfterMs`.
   */
  readonly retryable?: readonly ErrorCode[] | ((error: CodexError) => boolean) | undefined;
  /** Waits until the time that codex names, where it names one. Default: true. */
  readonly respectRetryAfter?: boolean | undefined;
  /** The longest such wait, in milliseconds; for a longer one the run fails at once. Default: 120,000. */
  readonly maxRetryAfterMs?: number | undefined;
}

export interface RetryDecision {
  /** Milliseconds until the next try; null for none. */
  readonly delayMs: number | null;
  readonly retryAt: number | null;
}

interface RetryInput {
  readonly error: CodexError;
  /** The try that failed, from 1. */
  readonly attempt: number;
  readonly now: number;
  /** From 0 up to 1. */
  readonly random: () => number;
}

/** Whether and when a turn that failed is tried again. */
export function decideRetry(policy: RetryPolicy, { error, attempt, now, random }: RetryInput): RetryDecision {
  const { attempts = 3, respectRetryAfter = true, maxRetryAfterMs = 120_000 } = policy;
  const retryAt = retryAtOf(error, now);
  if (attempt >= attempts || !isWorthAnotherTry(policy, error, retryAt)) return { delayMs: null, retryAt };
  const backoff = backoffOf(policy, attempt, random);
  if (retryAt === null || !respectRetryAfter) return { delayMs: backoff, retryAt };
  const wait = Math.max(0, retryAt - now);
  return { delayMs: wait > maxRetryAfterMs ? null : Math.max(wait, backoff), retryAt };
}

function isWorthAnotherTry({ retryable }: RetryPolicy, error: CodexError, retryAt: number | null): boolean {
  if (retryable === undefined) return isTransientFailure(error) || (isUsageLimit(error) && retryAt !== null);
  if (typeof retryable !== "function") return retryable.includes(error.code);
  try {
    const answer: unknown = retryable(error);
    if (typeof answer === "boolean") return answer;
  } catch (cause) {
    throw new RunCallbackError("retry.retryable", "threw", { cause });
  }
  throw new RunCallbackError("retry.retryable", "must answer true or false");
}

/** Exponential, with full jitter. */
function backoffOf(policy: RetryPolicy, attempt: number, random: () => number): number {
  const { initialDelayMs = 1000, maxDelayMs = 30_000, factor = 2, jitter = true } = policy;
  const longest = Math.min(maxDelayMs, initialDelayMs * factor ** (attempt - 1));
  return Math.round(jitter ? random() * longest : longest);
}
