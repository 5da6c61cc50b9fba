/** The longest time that a timer of Node can wait, in milliseconds: 24.8 days. A longer one fires at once. */
export const longestTimerMs = 2_147_483_647;

/** Returns null if the value is a time that a timer can wait, else what it must be. */
export function checkMilliseconds(value: unknown): string | null {
  const usable = typeof value === "number" && value > 0 && value <= longestTimerMs;
  return usable ? null : "must be a number of milliseconds over 0 and at most 2,147,483,647 (24.8 days)";
}

/** Does the same for a time that may also be 0. */
export function checkMillisecondsOrZero(value: unknown): string | null {
  const usable = typeof value === "number" && value >= 0 && value <= longestTimerMs;
  return usable ? null : "must be a number of milliseconds from 0 to 2,147,483,647 (24.8 days)";
}
