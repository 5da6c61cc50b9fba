import type { CodexError } from "../../errors/codex-error.js";

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
