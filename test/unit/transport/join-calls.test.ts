import { describe, expect, it } from "vitest";
import { createDeferred, type Deferred } from "../../../src/internal/deferred.js";
import { joinCalls, SideChannel } from "../../../src/transport/exec/join-calls.js";

describe("calls joined with the messages of codex", () => {
  it("arrive in order, and missing lines delay none", async () => {
    const { lines, next } = source();
    const calls = new SideChannel<string>();
    const joined = joinCalls(lines, calls);
    const first = joined.next();
    calls.push("call 1");
    expect((await first).value).toEqual(["call 1"]);
    const second = joined.next();
    next().resolve(["line 1"]);
    expect((await second).value).toEqual(["line 1"]);
    calls.push("call 2");
    calls.push("call 3");
    expect((await joined.next()).value).toEqual(["call 2", "call 3"]);
    next().resolve(null);
    expect(await joined.next()).toEqual({ done: true, value: undefined });
  });

  it("[A1.6] a waiting reader stops the lines: at most one batch is read ahead", async () => {
    const { lines, next, pulls } = source();
    const calls = new SideChannel<string>();
    const joined = joinCalls(lines, calls);
    expect(pulls()).toBe(0);
    calls.push("call");
    expect((await joined.next()).value).toEqual(["call"]);
    expect(pulls()).toBe(1);
    next().resolve(["line 1"]);
    await Promise.resolve();
    expect(pulls()).toBe(1);
    expect((await joined.next()).value).toEqual(["line 1"]);
    expect(pulls()).toBe(1);
  });

  it("ends with the lines or their error, after all values pushed before", async () => {
    const { lines, next } = source();
    const calls = new SideChannel<string>();
    const joined = joinCalls(lines, calls);
    calls.push("call");
    next().reject(new Error("gone"));
    expect((await joined.next()).value).toEqual(["call"]);
    await expect(joined.next()).rejects.toThrow("gone");
    expect(calls.push("late")).toBe(true);
    calls.close();
    expect(calls.push("later")).toBe(false);
  });

  it("a reader that stops does not wait for missing lines, and ends them", async () => {
    const { lines, next, left } = source();
    const calls = new SideChannel<string>();
    const joined = joinCalls(lines, calls);
    calls.push("call");
    await joined.next();
    await joined.return(undefined);
    expect(left()).toBe(false);
    next().resolve(["line"]);
    await expect.poll(left).toBe(true);
  });
});

/** Batches that the test sends at any time; null is their end. */
function source() {
  const waiting: Deferred<readonly string[] | null>[] = [];
  let [asked, given, left] = [0, 0, false];
  const at = (index: number) => (waiting[index] ??= createDeferred<readonly string[] | null>());
  async function* generate(): AsyncGenerator<readonly string[], void, undefined> {
    try {
      for (;;) {
        const batch = await at(asked++).promise;
        if (batch === null) return;
        yield batch;
      }
    } finally {
      left = true;
    }
  }
  return { lines: generate(), next: () => at(given++), pulls: () => asked, left: () => left };
}
