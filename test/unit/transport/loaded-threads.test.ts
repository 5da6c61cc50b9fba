import { describe, expect, it } from "vitest";
import { createDeferred } from "../../../src/internal/deferred.js";
import { LoadedThreads, type ThreadUnloader } from "../../../src/transport/app-server/loaded-threads.js";
import type { StickySettings } from "../../../src/transport/app-server/turn-settings.js";

const stored = { stored: true };
const inForce: StickySettings = {
  model: "m",
  cwd: "/",
  effort: null,
  summary: null,
  serviceTier: null,
  approvalPolicy: "never",
  sandboxPolicy: { type: "readOnly" },
};
const loaded = { stored: true, inForce };
const fresh = { stored: false, inForce };

describe("the threads that an app-server has loaded", () => {
  it("unloads the least recently used ones if too many are idle, one at a time", async () => {
    const { threads, unsubscribed } = setUp();
    for (const id of ["a", "b", "c", "d", "e"]) runTurn(threads, id);
    await expect.poll(() => unsubscribed).toEqual(["a", "b", "c"]);
    expect(["a", "b", "c", "d", "e"].filter((id) => threads.has(id))).toEqual(["d", "e"]);
  });

  it("the most recently used thread is unloaded last", async () => {
    const { threads, unsubscribed } = setUp();
    for (const id of ["a", "b", "a", "c"]) runTurn(threads, id);
    await expect.poll(() => unsubscribed).toEqual(["b"]);
    expect(threads.has("a")).toBe(true);
  });

  it("never unloads a thread in use, one that could not be resumed, or one with running commands", async () => {
    const { threads, unsubscribed } = setUp({ isAtWork: (id) => Promise.resolve(id === "at work") });
    threads.add("used", loaded);
    const release = threads.hold("used");
    threads.add("ephemeral", fresh);
    threads.hold("ephemeral")?.({ stored: false });
    for (const id of ["at work", "a", "b", "c"]) runTurn(threads, id);
    await expect.poll(() => unsubscribed).toEqual(["a", "b"]);
    expect(["used", "ephemeral", "at work", "c"].every((id) => threads.has(id))).toBe(true);
    release?.(stored);
  });

  it("keeps one more thread for each that was resumed, so that threads used alternately are not resumed every time", async () => {
    const { threads, unsubscribed } = setUp();
    const inTurn = async (ids: readonly string[]): Promise<number> => {
      let resumed = 0;
      for (const id of ids) {
        await threads.settled(id);
        if (!threads.has(id)) resumed += 1;
        runTurn(threads, id);
        await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      }
      return resumed;
    };
    const four = ["a", "b", "c", "d"];
    await inTurn(four);
    expect(await inTurn(four)).toBeGreaterThan(1);
    expect(await inTurn(four)).toBe(0);
    // Up to a limit: seven of them do not fit.
    const seven = [...four, "e", "f", "g"];
    for (let round = 0; round < 5; round += 1) await inTurn(seven);
    expect(seven.filter((id) => threads.has(id)).length).toBeLessThanOrEqual(4);
    expect(unsubscribed.length).toBeGreaterThan(seven.length);
  });

  it("settles only when codex has closed the thread, and counts it as unloaded from the start", async () => {
    const { threads, unsubscribed } = setUp({ closes: false });
    threads.add("a", loaded);
    const dropped = threads.unload("a");
    expect(threads.has("a")).toBe(false);
    expect(threads.hold("a")).toBeNull();
    let settled = false;
    const settling = threads.settled("a").then(() => (settled = true));
    await expect.poll(() => unsubscribed).toEqual(["a"]);
    expect(settled).toBe(false);
    threads.closed("a");
    await Promise.all([dropped, settling]);
  });

  it(
    "has a bound for every wait: it settles even if the process refuses or is silent",
    { timeout: 8_000 },
    async () => {
      const refusing = new LoadedThreads({
        isAtWork: () => Promise.reject(new Error("gone")),
        unsubscribe: () => Promise.reject(new Error("gone")),
      });
      refusing.add("a", loaded);
      await refusing.unload("a");
      const { threads } = setUp({ closes: false });
      threads.add("a", loaded);
      await threads.unload("a");
      expect(threads.has("a")).toBe(false);
    },
  );

  it("drop() unloads an unused thread, releases its place, and handles threads that codex closed by itself", async () => {
    const { threads, unsubscribed } = setUp();
    threads.add("a", fresh);
    const release = threads.hold("a");
    await threads.unload("a");
    expect(threads.has("a")).toBe(true);
    release?.({ stored: false });
    await threads.unload("a");
    await threads.unload("unknown");
    expect(unsubscribed).toEqual(["a"]);
    threads.add("b", loaded);
    threads.closed("b");
    expect(threads.has("b")).toBe(false);
  });

  it("never unloads a thread that is about to be used, neither by close nor because of the limit", async () => {
    const { threads, unsubscribed } = setUp();
    threads.add("a", loaded);
    const leave = threads.reserve("a");
    const leaveAgain = threads.reserve("a");
    await threads.unload("a");
    leave();
    for (const id of ["b", "c", "d"]) runTurn(threads, id);
    await expect.poll(() => unsubscribed).toEqual(["b"]);
    expect(threads.has("a")).toBe(true);
    leaveAgain();
    await threads.unload("a");
    expect(unsubscribed).toEqual(["b", "a"]);
  });

  it("keeps a thread if the state of its commands is unknown", async () => {
    const { threads, unsubscribed } = setUp({ isAtWork: () => Promise.reject(new Error("no such method")) });
    for (const id of ["a", "b", "c", "d"]) runTurn(threads, id);
    await new Promise((resolve) => setImmediate(resolve));
    expect(unsubscribed).toEqual([]);
    expect(["a", "b", "c", "d"].every((id) => threads.has(id))).toBe(true);
  });

  it("unloads the threads of lost handles only if they cannot be resumed", async () => {
    const { threads, unsubscribed } = setUp();
    threads.add("a", loaded);
    threads.add("b", fresh);
    await threads.unload("a", { onlyUnresumable: true });
    await threads.unload("b", { onlyUnresumable: true });
    expect(unsubscribed).toEqual(["b"]);
  });

  it("keeps the settings from before the first turn, even if the thread is resumed repeatedly", () => {
    const { threads } = setUp();
    expect(threads.baseline("a")).toBeNull();
    threads.add("a", loaded);
    threads.add("a", { ...loaded, inForce: { ...inForce, model: "n" } });
    expect([threads.baseline("a")?.model, threads.inForce("a")?.model]).toEqual(["m", "n"]);
  });

  it("keeps the settings in force, whatever set them, as long as the thread is loaded", async () => {
    const { threads } = setUp();
    threads.setInForce("a", inForce);
    expect(threads.inForce("a")).toBeNull();
    threads.add("a", loaded);
    threads.setInForce("a", { ...inForce, model: "n" });
    expect(threads.inForce("a")?.model).toBe("n");
    threads.add("a", loaded);
    expect(threads.inForce("a")?.model).toBe("m");
    await threads.unload("a");
    expect(threads.inForce("a")).toBeNull();
  });

  it("a caller that arrives during the check for running commands finds the thread loaded again afterwards", async () => {
    const atWork = createDeferred<boolean>();
    const { threads, unsubscribed } = setUp({ isAtWork: () => atWork.promise });
    for (const id of ["a", "b", "c"]) runTurn(threads, id);
    expect(threads.has("a")).toBe(false);
    const settled = threads.settled("a");
    atWork.resolve(true);
    await settled;
    expect(threads.has("a")).toBe(true);
    expect(unsubscribed).toEqual([]);
  });
});

function runTurn(threads: LoadedThreads, id: string): void {
  threads.add(id, fresh);
  threads.hold(id)?.(stored);
}

/** Two idle threads are enough. */
function setUp({
  closes = true,
  isAtWork = () => Promise.resolve(false),
}: Partial<ThreadUnloader> & { readonly closes?: boolean } = {}) {
  const unsubscribed: string[] = [];
  const threads: LoadedThreads = new LoadedThreads(
    {
      isAtWork,
      unsubscribe: (id) => {
        unsubscribed.push(id);
        if (closes) setImmediate(() => threads.closed(id));
        return Promise.resolve();
      },
    },
    { first: 2, last: 4 },
  );
  return { threads, unsubscribed };
}
