import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TurnClock } from "../../../../src/thread/turn/turn-clock.js";
import { useFakeTimers, useRealTimers } from "../../internal/time/fake-timers.js";

beforeEach(() => useFakeTimers());
afterEach(useRealTimers);

function clock(timeoutMs: number | null, idleTimeoutMs: number | null) {
  const expired: [string, number][] = [];
  const made = new TurnClock({ timeoutMs, idleTimeoutMs }, (limit, milliseconds) =>
    expired.push([limit, milliseconds]),
  );
  return { made, expired };
}

describe("the time limits of a turn", () => {
  it("[A1.12] timeoutMs counts from the start of the turn, and events do not restart it", () => {
    const { made, expired } = clock(1_000, null);
    vi.advanceTimersByTime(5_000);
    made.start();
    for (let count = 0; count < 9; count += 1) {
      vi.advanceTimersByTime(111);
      made.touch(count % 2 === 0);
    }
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(expired).toEqual([["timeoutMs", 1_000]]);
  });

  it("[A1.12] idleTimeoutMs counts from the last event", () => {
    const { made, expired } = clock(null, 1_000);
    made.start();
    vi.advanceTimersByTime(999);
    made.touch(false);
    vi.advanceTimersByTime(999);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(expired).toEqual([["idleTimeoutMs", 1_000]]);
  });

  it("[A1.12] idleTimeoutMs pauses during work and starts anew afterwards", () => {
    const { made, expired } = clock(null, 1_000);
    made.start();
    made.touch(true);
    vi.advanceTimersByTime(3_600_000);
    made.touch(true);
    vi.advanceTimersByTime(3_600_000);
    made.touch(false);
    vi.advanceTimersByTime(999);
    expect(expired).toEqual([]);
    vi.advanceTimersByTime(2);
    expect(expired).toEqual([["idleTimeoutMs", 1_000]]);
  });

  it("[A1.12] no timer runs before the start or after the end, also if late events arrive", () => {
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

  it("starts no timer without limits", () => {
    const { made } = clock(null, null);
    made.start();
    made.touch(false);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("[L7] idleTimeoutMs does not expire for an event that waited while the host program blocked its event loop", async () => {
    useRealTimers();
    const { made, expired } = clock(null, 50);
    made.start();
    blockFor(200);
    await new Promise((resolve) => setTimeout(resolve, 10));
    made.touch(true);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(expired).toEqual([]);
    made.stop();
  });

  it("[L7] idleTimeoutMs expires if codex is silent after the event loop was blocked", async () => {
    useRealTimers();
    const { made, expired } = clock(null, 50);
    made.start();
    blockFor(100);
    await expect.poll(() => expired).toEqual([["idleTimeoutMs", 50]]);
    made.stop();
  });
});

function blockFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
