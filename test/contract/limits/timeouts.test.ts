import { describe, expect, it } from "vitest";
import { Codex, type Turn, TurnTimeoutError } from "../../../src/index.js";
import {
  createFakeAppServer,
  gate,
  lateReply,
  message,
  notify,
  respond,
  shell,
  stall,
  usage,
  when,
} from "../../../src/testing/index.js";
import { processesHolding } from "../../e2e/real-codex.js";
import { type Harness, harnesses } from "../harnesses.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const here = { skipGitRepoCheck: true, workingDirectory: "/" };
const kept = respond(shell("echo kept", { output: "kept\n" }), tokens);
const after = respond(message("after"), tokens);
const retry = notify("error", (turn) => ({
  ...turn,
  error: { message: "Reconnecting... 1/5", codexErrorInfo: null, additionalDetails: null, misalignment: null },
  willRetry: true,
}));

/** Five times the duration of a start and a first answer on a busy machine. */
const limitOf = ({ real }: Harness): number => (real ? 2_500 : 2_000);

describe.each(harnesses)("timeouts, $name", (harness) => {
  it.each(["timeoutMs", "idleTimeoutMs"] as const)(
    "[A1.12] %s: interrupts the turn, keeps its partial result, and the thread stays usable",
    async (limit) => {
      const held = gate();
      await using stand = await harness.open([kept, respond(held, message("never"), tokens), after]);
      const thread = stand.codex.startThread(stand.thread);
      const turn = thread.runStreamed("Work", { [limit]: limitOf(harness) });
      const thrown = await drain(turn).catch((error: unknown) => error);
      const error = await timeoutOf(turn);
      expect(thrown).toBe(error);
      expect(error).toMatchObject({ code: "TURN_TIMEOUT", limit, retryable: undefined, threadId: thread.id });
      expect(error.message).toMatch(
        new RegExp(` ${String(limitOf(harness))} ms \\(\`${limit}\`\\) and was interrupted\\.$`),
      );
      expect(error.result.items.filter(({ type }) => type === "commandExecution")).toMatchObject([
        { aggregatedOutput: "kept\n", status: "completed" },
      ]);
      if (harness.transport === "app-server") expect(error.result.usage.turn).toMatchObject({ inputTokens: 42 });
      expect(turn.status).toBe("interrupted");
      held.open();
      expect((await thread.run("Go on", { [limit]: 60_000 })).finalResponse).toBe("after");
      await stand.assertDone();
    },
  );

  it("[A1.12] idle time does not count while a command runs, and counts after its end", async () => {
    const busyMs = 1.6 * limitOf(harness);
    const command = harness.real
      ? shell(`sleep ${String(busyMs / 1_000)}`, { yieldTimeMs: 60_000 })
      : shell("work", { hold: stall(busyMs) });
    await using stand = await harness.open([respond(command, tokens), respond(stall())]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Work", { idleTimeoutMs: limitOf(harness) });
    const { result } = await timeoutOf(turn);
    expect(result.items.find(({ type }) => type === "commandExecution")).toMatchObject({ status: "completed" });
    expect(result.unfinishedItems).toEqual([]);
    expect(result.durationMs).toBeGreaterThan(busyMs);
  });

  it("[A1.12] `timeoutMs` counts from the start of the turn, without the wait in the queue", async () => {
    const held = gate();
    await using stand = await harness.open([
      when("first", respond(held, message("one"), tokens)),
      when("clock", respond(stall())),
      when("second", respond(message("two"), tokens)),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    const first = thread.run("first");
    await held.reached;
    const timeoutMs = limitOf(harness);
    const second = thread.runStreamed("second", { timeoutMs });
    const result = second.result();
    // When this turn times out, the limit of the queued turn would have expired, too.
    await timeoutOf(stand.codex.startThread(stand.thread).runStreamed("clock", { timeoutMs }));
    expect(second.status).toBe("queued");
    held.open();
    expect((await first).finalResponse).toBe("one");
    expect((await result).finalResponse).toBe("two");
  });

  it("[A1.12] refuses a limit above the maximum of a timer, and the maximum does not expire at once", async () => {
    await using stand = await harness.open([after]);
    const thread = stand.codex.startThread(stand.thread);
    for (const value of [2 ** 31, Number.MAX_SAFE_INTEGER, Infinity, NaN, 0, -1]) {
      for (const limit of ["timeoutMs", "idleTimeoutMs"] as const) {
        const run = (): unknown => thread.runStreamed("x", { [limit]: value });
        expect(run, `${limit} ${String(value)}`).toThrow(
          expect.objectContaining({ code: "INVALID_OPTION", option: limit }),
        );
      }
    }
    const longest = 2 ** 31 - 1;
    const { status } = await thread.run("x", { timeoutMs: longest, idleTimeoutMs: longest });
    expect(status).toBe("completed");
  });

  it.runIf(harness.real)("[A1.12] on expiry the turn's commands end with all their processes", async () => {
    const marker = `CODEXKIT_TIMEOUT_${String(process.pid)}_${harness.transport.replace("-", "_")}=1`;
    const command = `export ${marker}; trap '' TERM; (sleep 300 & setsid sleep 300 & sleep 300)`;
    await using stand = await harness.open([respond(shell(command, { yieldTimeMs: 60_000 }), tokens), after]);
    const thread = stand.codex.startThread({ ...stand.thread, sandboxMode: "danger-full-access" });
    const turn = thread.runStreamed("Work", { timeoutMs: limitOf(harness) });
    const error = timeoutOf(turn);
    await expect.poll(() => processesHolding(marker, "environ"), { timeout: 10_000 }).not.toEqual([]);
    expect((await error).result.unfinishedItems.map(({ type }) => type)).toEqual(["commandExecution"]);
    expect(await processesHolding(marker, "environ")).toEqual([]);
    expect((await thread.run("Go on")).finalResponse).toBe("after");
  });
});

describe("a repeated model request", () => {
  it("[A1.12] leaves no item of the broken stream open", async () => {
    const step = respond(message("half", { unfinished: true }), retry, message("whole"), tokens);
    await using server = await createFakeAppServer([step]);
    await using codex = new Codex(server.codexOptions());
    const result = await codex.startThread(here).run("Work");
    expect(result).toMatchObject({ status: "completed", finalResponse: "whole", unfinishedItems: [] });
  });

  it("[A1.12] counts as idle while the model does not answer, and the error has codex's last error", async () => {
    const step = respond(message("half", { unfinished: true }), retry, stall());
    await using server = await createFakeAppServer([step], { strict: false });
    await using codex = new Codex(server.codexOptions());
    const error = await timeoutOf(codex.startThread(here).runStreamed("Work", { idleTimeoutMs: 1_000 }));
    expect(error).toMatchObject({ limit: "idleTimeoutMs", result: { unfinishedItems: [] } });
    expect(error.message).toMatch(/Codex's last error: Reconnecting\.\.\. 1\/5$/);
  });
});

describe("timeouts of the app-server", () => {
  it("[A1.12] the start of codex counts for `timeoutMs`", async () => {
    await using server = await createFakeAppServer([], { strict: false });
    await using codex = new Codex(server.codexOptions());
    server.intercept("initialize", lateReply(gate()));
    const thread = codex.startThread(here);
    const error = await timeoutOf(thread.runStreamed("1", { timeoutMs: 500 }));
    expect(error).toMatchObject({ limit: "timeoutMs", threadId: null, result: { items: [], usage: {} } });
  });

  it("[A1.12] a limit of a run that joined a turn ends only that run, and the turn continues", async () => {
    const [held, steered] = [gate(), gate()];
    const steps = [respond(held, message("one"), tokens), respond(steered, message("two"), tokens)];
    await using server = await createFakeAppServer(steps, { strict: false });
    await using codex = new Codex(server.codexOptions());
    const thread = codex.startThread(here);
    const first = thread.run("1");
    await held.reached;
    const joined = thread.runStreamed("2", { whenBusy: "steer", timeoutMs: 1_000 });
    expect((await timeoutOf(joined)).limit).toBe("timeoutMs");
    steered.open();
    expect(await first).toMatchObject({ status: "completed", finalResponse: "two" });
  });
});

async function drain(turn: Turn<unknown>): Promise<void> {
  for await (const _ of turn);
}

async function timeoutOf(turn: Turn<unknown>): Promise<TurnTimeoutError> {
  const error: unknown = await turn.result().catch((caught: unknown) => caught);
  if (error instanceof TurnTimeoutError) return error;
  throw new Error("the turn did not time out", { cause: error });
}
