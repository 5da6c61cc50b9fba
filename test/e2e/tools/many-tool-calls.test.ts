import { getEventListeners } from "node:events";
import { expect, it } from "vitest";
import { type Codex, type Thread, tool, ToolRegistry } from "../../../src/index.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { functionCall, message, type ModelRequest, repeat, respond } from "../../../src/testing/index.js";
import { collectGarbage } from "../../unit/thread/collect-garbage.js";
import { openRealCodex, type RealCodex } from "../real-codex.js";

const callsATurn = 20;
const xs = Array.from({ length: callsATurn }, (_, x) => x);

/** The script of all threads: twenty calls of `echo` at once, then a message. */
function script(namespace: object) {
  return repeat((request: ModelRequest) => {
    if (request.outputs.length > 0) return respond(message("Done."));
    const { threadId: of } = request;
    return respond(...xs.map((x) => functionCall("echo", { of, x }, { ...namespace, callId: `call_${String(x)}` })));
  });
}

interface Echo {
  readonly tools: ToolRegistry;
  readonly calls: { readonly threadId: string; readonly callId: string; readonly context: unknown }[];
  /** The most calls that ran at one time. */
  readonly most: () => number;
  readonly signals: WeakRef<AbortSignal>[];
}

/** A tool that returns the thread of its call, after `expected` calls have started. */
function createEcho(expected: number): Echo {
  const all = createDeferred<void>();
  const calls: Echo["calls"] = [];
  const signals: WeakRef<AbortSignal>[] = [];
  let [inside, most] = [0, 0];
  const properties = { of: { type: "string" }, x: { type: "number" } } as const;
  const echo = tool({
    name: "echo",
    description: "Says whose call it is",
    parameters: { type: "object", properties, required: ["of", "x"] },
    execute: async ({ of, x }, { threadId, callId, context, signal }) => {
      calls.push({ threadId, callId, context });
      signals.push(new WeakRef(signal));
      most = Math.max(most, (inside += 1));
      if (inside === expected) all.resolve();
      await all.promise;
      inside -= 1;
      return JSON.stringify({ threadId, callId, of, x });
    },
  });
  return { tools: new ToolRegistry([echo]), calls, signals, most: () => most };
}

/** Runs a turn on each of `count` new threads at once. */
async function runAll(
  codex: Codex,
  { thread: where }: RealCodex,
  { tools, count }: { tools: ToolRegistry; count: number },
) {
  const threads: Thread[] = Array.from({ length: count }, (_, context) =>
    codex.startThread({ ...where, tools, context }),
  );
  const results = await Promise.all(threads.map((thread) => thread.run("Go")));
  expect(results.map(({ status }) => status)).toEqual(Array(count).fill("completed"));
  const ids = threads.map(({ id }) => id ?? "");
  expect(new Set(ids).size).toBe(count);
  return { threads, ids };
}

/** Fails unless each thread got its own calls, and each model request its own results. */
function checkOwn(ids: readonly string[], calls: Echo["calls"], requests: readonly ModelRequest[]): void {
  const key = (threadId: string, callId: string, context: unknown): string => [threadId, callId, context].join();
  const wanted = ids.flatMap((id, index) => xs.map((x) => key(id, `call_${String(x)}`, index)));
  expect(calls.map(({ threadId, callId, context }) => key(threadId, callId, context)).sort()).toEqual(wanted.sort());
  const answered = requests.filter(({ outputs }) => outputs.length > 0);
  expect(answered.map(({ threadId }) => threadId).sort()).toEqual([...ids].sort());
  for (const { threadId, outputs } of answered) {
    expect(outputs).toHaveLength(callsATurn);
    for (const { callId, text } of outputs) {
      const x = Number(callId.replace("call_", ""));
      expect(text.endsWith(JSON.stringify({ threadId, callId, of: threadId, x }))).toBe(true);
    }
  }
}

it(
  "[A2.4] 50 threads x 20 calls of one tool, all 1,000 at once, on one app-server: no mixed results, and no leaks",
  { timeout: 120_000 },
  async () => {
    await using real = await openRealCodex("app-server", [script({})]);
    const handles = async (): Promise<number> => {
      await collectGarbage();
      return process.getActiveResourcesInfo().length;
    };
    /** Returns the heap size after a round, with its threads closed. */
    const play = async (count: number): Promise<Echo & { heap: number; listeners: number }> => {
      const echo = createEcho(count * callsATurn);
      const from = real.model.requests.length;
      const { threads, ids } = await runAll(real.codex, real, { tools: echo.tools, count });
      checkOwn(ids, echo.calls, real.model.requests.slice(from));
      const listeners = echo.signals.flatMap((ref) =>
        getEventListeners(ref.deref() ?? new AbortController().signal, "abort"),
      );
      await Promise.all(threads.map((thread) => thread.close()));
      real.model.requests.length = from;
      echo.calls.length = 0;
      await collectGarbage();
      return { ...echo, listeners: listeners.length, heap: process.memoryUsage().heapUsed };
    };
    const warm = await play(15);
    const before = await handles();
    const echo = await play(50);
    expect(real.pids).toHaveLength(1);
    expect([warm.most(), echo.most()]).toEqual([300, 1000]);
    expect(echo.listeners).toBe(0);
    const metrics = { calls: 1000, failures: 0, byOutcome: { success: 1000 } };
    expect(echo.tools.metrics("echo")).toMatchObject({
      ...metrics,
      latency: expect.objectContaining({ count: 1000 }) as object,
    });
    const alive = async (): Promise<number> => {
      await collectGarbage();
      return echo.signals.filter((ref) => ref.deref() !== undefined).length;
    };
    await expect.poll(alive, { timeout: 10_000 }).toBeLessThan(50);
    expect(await handles()).toBeLessThanOrEqual(before + 2);
    expect(echo.heap).toBeLessThan(warm.heap * 1.25);
  },
);

it("[A2.4] ten exec turns x 20 calls of one tool, all 200 at once: no mixed results", async () => {
  await using real = await openRealCodex("exec", [script({ namespace: "mcp__codexkit" })]);
  const echo = createEcho(200);
  const { ids } = await runAll(real.codex, real, { tools: echo.tools, count: 10 });
  checkOwn(ids, echo.calls, real.model.requests);
  expect(echo.most()).toBe(200);
  expect(echo.tools.metrics("echo")).toMatchObject({ calls: 200, failures: 0 });
});
