import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TurnClock } from "../../../../src/thread/turn/turn-clock.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function clock(timeoutMs: number | null, idleTimeoutMs: number | null) {
  const expired: [string, number][] = [];
  const made = new TurnClock({ timeoutMs, idleTimeoutMs }, (limit, milliseconds) =>
    expired.push([limit, milliseconds]),
  );
  return { made, expired };
}

describe("a turn's clocks", () => {
  it("[A1.12] the whole turn is counted from its start, whatever happens in it", () => {
    const { made, expired } = clock(1_000, null);
    vi.advanceTimersByTime(5_000);
    made.start();
    for (let heard = 0; heard < 9; heard += 1) {
      vi.advanceTimersByTime(111);
      made.touch(heard % 2 === 0);
    }
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual([["timeoutMs", 1_000]]);
  });

  it("[A1.12] silence is counted from the last event", () => {
    const { made, expired } = clock(null, 1_000);
    made.start();
    vi.advanceTimersByTime(999);
    made.touch(false);
    vi.advanceTimersByTime(999);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual([["idleTimeoutMs", 1_000]]);
  });

  it("[A1.12] silence is not counted while somebody is at work, and afterwards it is counted anew", () => {
    const { made, expired } = clock(null, 1_000);
    made.start();
    made.touch(true);
    vi.advanceTimersByTime(3_600_000);
    made.touch(true);
    vi.advanceTimersByTime(3_600_000);
    made.touch(false);
    vi.advanceTimersByTime(999);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual([["idleTimeoutMs", 1_000]]);
  });

  it("[A1.12] nothing runs before its start or after its end, whatever is heard late", () => {
    const { made, expired } = clock(1_000, 500);
    made.touch(false);
    expect(vi.getTimerCount()).toBe(0);
    made.start();
    expect(vi.getTimerCount()).toBe(2);
    made.stop();
    made.touch(false);
    made.touch(true);
    expect(vi.getTimerCount()).toBe(0);
    vi.advanceTimersByTime(5_000);
    expect(expired).toEqual([]);
  });

  it("without limits there is no timer", () => {
    const { made } = clock(null, null);
    made.start();
    made.touch(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});
