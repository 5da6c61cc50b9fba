import { describe, expect, it } from "vitest";
import { type AnyTool, type Thread, tool, ToolRegistry, type Turn } from "../../../src/index.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import type { Harness, Stand } from "../harnesses.js";
import { callTool, endsIn, ownTypesIn, playTools, toolHarnesses } from "./tool-stand.js";

interface Running {
  readonly turn: Turn<unknown>;
  readonly thread: Thread;
  readonly stand: Stand;
  readonly abort: () => void;
}

const endings = [
  { name: "interrupt()", end: ({ turn }: Running) => turn.interrupt(), outcome: "interrupted", reported: true },
  {
    name: "an abort",
    end: async ({ abort }: Running) => Promise.resolve(abort()),
    outcome: "ABORTED",
    reported: false,
  },
  {
    name: "codex.close()",
    end: ({ stand }: Running) => stand.codex.close(),
    outcome: "CLIENT_CLOSED",
    reported: false,
  },
  { name: "thread.close()", end: ({ thread }: Running) => thread.close(), outcome: "CLIENT_CLOSED", reported: false },
];

/** The reactions of a tool to the end of its turn. */
const manners = [
  { manner: "stops at its signal", react: (signal: AbortSignal) => whenAborted(signal).then(() => "given up") },
  {
    manner: "throws at its signal",
    react: (signal: AbortSignal) => whenAborted(signal).then(() => signal.throwIfAborted()),
  },
  { manner: "ignores its signal", react: () => new Promise<never>(() => undefined) },
];

function whenAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

/** Ends a turn while two calls of a tool run. */
async function endWhileRunning(
  harness: Harness,
  react: (signal: AbortSignal) => Promise<unknown>,
  ending: (typeof endings)[number],
) {
  const signals: AbortSignal[] = [];
  const inside = createDeferred<void>();
  const slow: AnyTool = tool({
    name: "slow",
    description: "Takes its time",
    execute: async (_, { signal }) => {
      signals.push(signal);
      if (signals.length === 2) inside.resolve();
      await react(signal);
      return "late";
    },
  });
  const tools = new ToolRegistry([slow]);
  const controller = new AbortController();
  const played = await playTools(harness, {
    tools,
    calls: [callTool(harness, "slow", {}, "one"), callTool(harness, "slow", {}, "two")],
    turn: { signal: controller.signal },
    thinks: true,
    async beside(running) {
      await inside.promise;
      expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
      await ending.end({ ...running, abort: () => controller.abort(new Error("enough")) });
    },
  });
  return { ...played, signals, metrics: tools.metrics("slow") };
}

describe.each(toolHarnesses)("endings while a host tool runs, $name", (harness) => {
  describe.each(manners)("a tool that $manner", ({ react }) => {
    it.each(endings)(
      "[A2.3] [A1.4] $name: the signals abort, the calls end as aborted before the turn, and no promise hangs",
      async (ending) => {
        const played = await endWhileRunning(harness, react, ending);
        expect(played.signals.map(({ aborted }) => aborted)).toEqual([true, true]);
        const code = played.error instanceof Error && "code" in played.error ? played.error.code : null;
        expect(played.result?.status ?? code).toBe(ending.outcome);
        expect(played.metrics).toMatchObject({ calls: 2, failures: 2, byOutcome: { aborted: 2 } });
        expect(played.request).toBeUndefined();
        const types = ownTypesIn(played.events);
        if (!ending.reported) return;
        expect(endsIn(played.events)).toMatchObject({ one: { outcome: "aborted" }, two: { outcome: "aborted" } });
        const [started, completed] = ["codexkit.tool.started", "codexkit.tool.completed"];
        expect(types).toEqual([started, started, completed, completed, "turn.completed"]);
      },
    );
  });

  it("[A2.3] a tool that runs past its time limit does not delay the turn, and its late result is ignored", async () => {
    const late = createDeferred<void>();
    let signal: AbortSignal | null = null;
    const slow = tool({
      name: "slow",
      description: "Takes too long",
      timeoutMs: 30,
      execute: async (_, call) => {
        signal = call.signal;
        await late.promise;
        throw new Error("too late to matter");
      },
    });
    const played = await playTools(harness, { tools: [slow], calls: [callTool(harness, "slow", {}, "one")] });
    late.resolve();
    await late.promise;
    expect(signal).toMatchObject({ aborted: true });
    expect(played.result?.status).toBe("completed");
    expect(endsIn(played.events)).toMatchObject({ one: { outcome: "timedOut" } });
  });
});
