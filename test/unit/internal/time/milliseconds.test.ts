import { expect, it } from "vitest";
import {
  checkMilliseconds,
  checkMillisecondsOrZero,
  longestTimerMs,
} from "../../../../src/internal/time/milliseconds.js";

it.each([
  [1, true, true],
  [0.5, true, true],
  [longestTimerMs, true, true],
  [0, false, true],
  [-1, false, false],
  [longestTimerMs + 1, false, false],
  [Number.NaN, false, false],
  [Number.POSITIVE_INFINITY, false, false],
  ["5", false, false],
  [null, false, false],
])("%s is a time: %s, a time or 0: %s", (value, isTime, isTimeOrZero) => {
  expect(checkMilliseconds(value) === null).toBe(isTime);
  expect(checkMillisecondsOrZero(value) === null).toBe(isTimeOrZero);
});
