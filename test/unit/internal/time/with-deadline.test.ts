import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AbortedError } from "../../../../src/errors/aborted-error.js";
import { createDeferred, type Deferred } from "../../../../src/internal/deferred.js";
import { withDeadline } from "../../../../src/internal/time/with-deadline.js";
import { useFakeTimers, useRealTimers } from "./fake-timers.js";

const onTimeout = (): Error => new Error("too late");

describe("withDeadline", () => {
  beforeEach(() => useFakeTimers());
  afterEach(useRealTimers);

  it("resolves to the value of the work and leaves no timer and no listener", async () => {
    const { signal } = new AbortController();
    expect(await withDeadline(Promise.resolve(7), { timeoutMs: 1_000, signal, onTimeout })).toBe(7);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("passes the failure of the work on", async () => {
    const failure = new Error("broken");
    await expect(withDeadline(Promise.reject(failure), { timeoutMs: 1_000, onTimeout })).rejects.toBe(failure);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("rejects with the error of the factory when the deadline passes, and ignores later results", async () => {
    const work: Deferred<void> = createDeferred();
    const { signal } = new AbortController();
    const outcome = expect(withDeadline(work.promise, { timeoutMs: 50, signal, onTimeout })).rejects.toThrow(
      "too late",
    );
    await vi.advanceTimersByTimeAsync(50);
    await outcome;
    work.reject(new Error("later"));
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("rejects with an AbortedError that carries the reason, during and before", async () => {
    const controller = new AbortController();
    const work = new Promise<string>(() => undefined);
    const during = withDeadline(work, { timeoutMs: 1_000, signal: controller.signal, onTimeout });
    controller.abort("enough");
    await expect(during).rejects.toMatchObject({ name: "AbortError", code: "ABORTED", cause: "enough" });
    await expect(withDeadline(work, { signal: controller.signal, onTimeout })).rejects.toBeInstanceOf(AbortedError);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes an endless deadline as none, instead of one that passes at once", async () => {
    for (const timeoutMs of [Number.POSITIVE_INFINITY, 2 ** 31]) {
      const work = createDeferred<string>();
      const outcome = withDeadline(work.promise, { timeoutMs, onTimeout });
      expect(vi.getTimerCount()).toBe(0);
      work.resolve("done");
      expect(await outcome).toBe("done");
    }
  });
});
