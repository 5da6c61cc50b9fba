import { getEventListeners } from "node:events";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createDeferred, type Deferred } from "../../../src/internal/deferred.js";
import { createLimiter } from "../../../src/internal/limiter.js";

describe("the limiter", () => {
  it("starts a task synchronously if there is room", () => {
    const limiter = createLimiter(1);
    let started = false;
    void limiter.run(async () => void (started = true));
    expect(started).toBe(true);
  });

  it("never runs more than the maximum, and starts in the order of the calls", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 30 }), async (maximum, count) => {
        const limiter = createLimiter(maximum);
        const started: number[] = [];
        let running = 0;
        let most = 0;
        const gates = Array.from({ length: count }, (): Deferred<void> => createDeferred());
        const runs = gates.map((gate, index) =>
          limiter.run(async () => {
            started.push(index);
            most = Math.max(most, (running += 1));
            await gate.promise;
            running -= 1;
          }),
        );
        for (const gate of gates) gate.resolve();
        await Promise.all(runs);
        expect(started).toEqual(gates.map((_, index) => index));
        expect(most).toBe(Math.min(maximum, count));
        expect([limiter.active, limiter.waiting]).toEqual([0, 0]);
      }),
    );
  });

  it("releases the place when a task fails", async () => {
    const limiter = createLimiter(1);
    await expect(limiter.run(() => Promise.reject(new Error("broken")))).rejects.toThrow("broken");
    expect(await limiter.run(() => Promise.resolve(3))).toBe(3);
  });

  it("takes a waiter out of the queue on abort, and never runs its task", async () => {
    const limiter = createLimiter(1);
    const gate: Deferred<void> = createDeferred();
    const first = limiter.run(() => gate.promise);
    const controller = new AbortController();
    let ran = false;
    const second = limiter.run(async () => void (ran = true), controller.signal);
    controller.abort("no more");
    await expect(second).rejects.toMatchObject({ code: "ABORTED", cause: "no more" });
    await expect(limiter.run(async () => void (ran = true), controller.signal)).rejects.toMatchObject({
      code: "ABORTED",
    });
    gate.resolve();
    await first;
    expect(ran).toBe(false);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("rejects waiting and later tasks when it closes, and lets running tasks end", async () => {
    const limiter = createLimiter(1);
    const gate = createDeferred<string>();
    const running = limiter.run(() => gate.promise);
    const waiting = limiter.run(() => Promise.resolve("never"));
    limiter.close(new Error("closed"));
    limiter.close(new Error("again"));
    await expect(waiting).rejects.toThrow("closed");
    await expect(limiter.run(() => Promise.resolve("never"))).rejects.toThrow("closed");
    gate.resolve("done");
    expect(await running).toBe("done");
  });
});
