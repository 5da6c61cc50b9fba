import type { CodexError } from "../../errors/codex-error.js";
import type { ErrorCode } from "../../errors/error-codes.js";
import { callbackThrew, RunCallbackError } from "./auto-run-errors.js";

/**
 * The rules by which a run tries a failed turn again. It does so only before the first side effect of the turn, and only for
 * a failure that codex has not repeated itself.
 */
export interface RetryPolicy {
  /** The number of tries of one turn, including the first. Default: 3. 1 disables retries. */
  readonly attempts?: number | undefined;
  /** The longest delay before the second try, in milliseconds. Default: 1,000. */
  readonly initialDelayMs?: number | undefined;
  /** The longest delay before any try, in milliseconds; a time that codex names may be later. Default: 30,000. */
  readonly maxDelayMs?: number | undefined;
  /** The growth of the delay from try to try. Default: 2. */
  readonly factor?: number | undefined;
  /** Waits a random part of the delay, so that many runs do not retry at the same time. Default: true. */
  readonly jitter?: boolean | undefined;
  /**
   * The errors to retry: a list of codes, or a function. Default: errors with `retryable: true`, a codex process that died
   * (`PROCESS_EXITED`), on exec the fixed sentences of codex for an overloaded service or a stream that was cut, and a
   * usage limit whose end codex names, if it is within `maxRetryAfterMs`.
   */
  readonly retryable?: readonly ErrorCode[] | ((error: CodexError) => boolean) | undefined;
  /** Waits until the time that codex names. Default: true. */
  readonly respectRetryAfter?: boolean | undefined;
  /** The longest such delay, in milliseconds. If codex names a later time, the run rejects at once. Default: 120,000. */
  readonly maxRetryAfterMs?: number | undefined;
  /**
   * Tries a turn again, too, if codex has repeated its model request. The tries multiply: an endpoint that always answers
   * with 500 receives 30 requests for each try. Default: false.
   */
  readonly afterCodexRetries?: boolean | undefined;
}

export interface RetryDecision {
  /** Milliseconds until the next try; null if there is none. */
  readonly delayMs: number | null;
  /** The time that codex names, in milliseconds since 1970; null if it names none. */
  readonly retryAt: number | null;
}

/** A try that failed. */
export interface FailedTry {
  readonly error: CodexError;
  /** The number of the try, from 1. */
  readonly attempt: number;
  readonly hadSideEffect: boolean;
  readonly retriedByCodex: boolean;
}

/** Decides whether and when a failed turn is tried again. */
export function decideRetry(policy: RetryPolicy, failed: FailedTry): RetryDecision {
  const { attempts = 3, respectRetryAfter = true, maxRetryAfterMs = 120_000 } = policy;
  const { error, attempt } = failed;
  const now = Date.now();
  const retryAt = retryAtOf(error, now);
  const retryable = isRetryable(policy, error, retryAt) && !isSettled(policy, failed);
  if (attempt >= attempts || !retryable) return { delayMs: null, retryAt };
  const backoff = backoffOf(policy, attempt);
  if (retryAt === null || !respectRetryAfter) return { delayMs: backoff, retryAt };
  const wait = Math.max(0, retryAt - now);
  return { delayMs: wait > maxRetryAfterMs ? null : Math.max(wait, backoff), retryAt };
}

/** Whether no policy may repeat the turn: it has had an effect, or codex has used up its own retries. */
function isSettled({ afterCodexRetries = false }: RetryPolicy, failed: FailedTry): boolean {
  const usedUp = failed.retriedByCodex && failed.error.code === "TURN_FAILED";
  return failed.hadSideEffect || (usedUp && !afterCodexRetries);
}

function isRetryable({ retryable }: RetryPolicy, error: CodexError, retryAt: number | null): boolean {
  if (retryable === undefined) return isTransient(error) || (isUsageLimit(error) && retryAt !== null);
  if (typeof retryable !== "function") return retryable.includes(error.code);
  try {
    const answer: unknown = retryable(error);
    if (typeof answer === "boolean") return answer;
  } catch (cause) {
    throw callbackThrew("retry.retryable", cause);
  }
  throw new RunCallbackError("retry.retryable", "must return true or false");
}

/** Exponential backoff with full jitter. */
function backoffOf(policy: RetryPolicy, attempt: number): number {
  const { initialDelayMs = 1000, maxDelayMs = 30_000, factor = 2, jitter = true } = policy;
  const longest = Math.min(maxDelayMs, initialDelayMs * factor ** (attempt - 1));
  return Math.round(jitter ? Math.random() * longest : longest);
}

/** Exec does not report the kind of a failure. There the fixed sentences of codex decide, never the provider's words. */
function isTransient(error: CodexError): boolean {
  if (error.retryable !== undefined) return error.retryable;
  if (transientCodes.has(error.code)) return true;
  return error.code === "TURN_FAILED" && transientSentences.some((sentence) => sentence.test(error.message));
}

const transientCodes = new Set<ErrorCode>(["PROCESS_EXITED", "SERVER_OVERLOADED", "TRANSPORT_CLOSED"]);

/** The sentences of codex 0.169.0 on exec. */
const transientSentences = [
  /^We.re currently experiencing high demand, which may cause temporary errors\.$/,
  /^Selected model is at capacity\. Please try a different model\.$/,
  /^rate limit exceeded: /,
  /^exceeded retry limit, last status: (?:408|429|5\d\d) /,
  /^stream disconnected before completion: (?:Transport error|stream closed before response\.completed|idle timeout)/,
];

/** Whether the usage limit of the account is reached, which ends at a certain time. */
function isUsageLimit(error: CodexError): boolean {
  return error.code === "TURN_FAILED" && /^You.ve hit your usage limit\b/.test(error.message);
}

/**
 * Returns the time of the next possible try from codex's message, in milliseconds since 1970: "try again in 1.5s" (a rate
 * limit), "try again at 2:07 PM" or "try again at Nov 24th, 2026 2:07 PM" (a usage limit, in the local time zone). codex
 * obeys a `Retry-After` header within its own retries and does not pass it on.
 */
function retryAtOf(error: CodexError, now: number): number | null {
  if (error.code !== "TURN_FAILED") return null;
  const [, count, unit = ""] = inSpan.exec(error.message) ?? [];
  if (count !== undefined) return now + Math.ceil(Number(count) * (unitsMs.get(unit.toLowerCase()) ?? secondMs));
  const time = atTime.exec(error.message);
  return time === null ? null : toTime(time.groups ?? {}, now);
}

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const dayMs = 24 * 60 * minuteMs;
const unitsMs = new Map([
  ["ms", 1],
  ["m", minuteMs],
  ["minute", minuteMs],
]);
const inSpan = /\btry again in (\d{1,9}(?:\.\d{1,9})?) ?(ms|seconds?|s|minute|m)\b/i;
const atTime =
  /\b[Tt]ry again at (?:(?<month>[A-Z][a-z]{2}) (?<day>\d{1,2})(?:st|nd|rd|th), (?<year>\d{4}) )?(?<hour>\d{1,2}):(?<minute>\d{2}) (?<half>AM|PM)/;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Returns the end of the named minute. Without a date it is today, or tomorrow if the time passed over 12 hours ago. */
function toTime(parts: Readonly<Record<string, string | undefined>>, now: number): number | null {
  const { month, day, year, hour = "0", minute = "0", half } = parts;
  const at = new Date(now);
  if (month !== undefined) {
    const index = months.indexOf(month);
    if (index === -1) return null;
    at.setFullYear(Number(year), index, Number(day));
  }
  at.setHours((Number(hour) % 12) + (half === "PM" ? 12 : 0), Number(minute) + 1, 0, 0);
  const time = at.getTime();
  return month === undefined && time < now - dayMs / 2 ? time + dayMs : time;
}
