import type { CodexError } from "../../errors/codex-error.js";
import type { ErrorCode } from "../../errors/error-codes.js";
import { RunCallbackError } from "./auto-run-errors.js";

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

/**
 * When the failed turn may be tried again, in milliseconds since 1970, as far as codex's message says: "try again in
 * 1.5s" (a rate limit) and "try again at 2:07 PM" or "try again at Nov 24th, 2026 2:07 PM" (a usage limit, in the host's
 * time zone). A `Retry-After` header codex obeys itself, within its own tries, and does not pass on.
 */
export function retryAtOf(error: CodexError, now: number): number | null {
  if (error.code !== "TURN_FAILED") return null;
  const span = inSpan.exec(error.message);
  if (span !== null) return now + Math.ceil(Number(span[1]) * (unitsMs.get(span[2]?.toLowerCase() ?? "") ?? secondMs));
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

/** The end of the minute that is named; without a day it is today's, or tomorrow's where that has long passed. */
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

/**
 * Whether the same turn may succeed when it is tried again soon. Exec does not tell the kind of a failure: there codex's
 * own fixed sentences decide, never the words of the provider.
 */
export function isTransientFailure(error: CodexError): boolean {
  if (error.retryable !== undefined) return error.retryable;
  if (transientCodes.has(error.code)) return true;
  return error.code === "TURN_FAILED" && sentences.some((sentence) => sentence.test(error.message));
}

/** Whether the account's limit is reached, which ends at a time. */
export function isUsageLimit(error: CodexError): boolean {
  return error.code === "TURN_FAILED" && /^You.ve hit your usage limit\b/.test(error.message);
}

const transientCodes = new Set<ErrorCode>(["PROCESS_EXITED", "SERVER_OVERLOADED", "TRANSPORT_CLOSED"]);

/** As codex 0.169.0 says it on exec. */
const sentences = [
  /^We.re currently experiencing high demand, which may cause temporary errors\.$/,
  /^Selected model is at capacity\. Please try a different model\.$/,
  /^rate limit exceeded: /,
  /^exceeded retry limit, last status: (?:408|429|5\d\d) /,
  /^stream disconnected before completion: (?:Transport error|stream closed before response\.completed|idle timeout)/,
];
