import { describe, expect, it } from "vitest";
import { z } from "zod";
import { AbortedError, OptionError, StructuredOutputError, tool, TurnConsumedError } from "../../../../src/index.js";
import { fail, functionCall, gate, message, respond, shell, usage } from "../../../../src/testing/index.js";
import { autoRunResultOf, MaxTurnsError, RunCallbackError } from "../../../../src/thread/auto-run/auto-run-errors.js";
import { collect, errorOf, openRunStand } from "./run-stand.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });

describe("a run", () => {
  it("[A2.7] ends with the first turn if `until` is not set, and returns the whole work", async () => {
    await using stand = openRunStand([
      respond(shell("echo hi", { output: "hi\n" }), tokens),
      respond(message("Done"), tokens),
    ]);
    const result = await stand.thread.runAutoStreamed("Work").result();
    expect(result).toMatchObject({ stopReason: "completed", finalResponse: "Done", guardrail: null, attempts: [] });
    expect(result.turns.map(({ turn, attempt, reason }) => [turn, attempt, reason])).toEqual([[1, 1, "input"]]);
    expect(result.items).toEqual(result.turns[0]?.items);
    expect(result.usage.run).toMatchObject({ inputTokens: 84, outputTokens: 10 });
    expect(result.threadId).toBe(stand.thread.id);
    stand.transport.assertDone();
  });

  it("[A2.7] repeats turns until `until` returns true; usage contains the sum, the thread's total and the last context", async () => {
    await using stand = openRunStand(["one", "two", "three"].map((text) => respond(message(text), tokens)));
    const seen: unknown[] = [];
    const run = stand.thread.runAutoStreamed("Count", {
      context: { goal: "three" },
      until: (result, { turns, attempt, context }) => {
        seen.push([result.finalResponse, turns, attempt, result.status]);
        if (result.finalResponse === context.goal) return { done: true };
        return turns === 1 ? false : { done: false, input: "One more" };
      },
    });
    const result = await run.result();
    expect(seen).toEqual([
      ["one", 1, 1, "completed"],
      ["two", 2, 1, "completed"],
      ["three", 3, 1, "completed"],
    ]);
    expect(stand.prompts()).toEqual(["Count", "The goal is not reached yet. Go on.", "One more"]);
    expect(result.usage.run).toMatchObject({ inputTokens: 126, cachedInputTokens: 36, outputTokens: 15 });
    expect(result.usage.thread).toMatchObject({ inputTokens: 126 });
    expect(result.usage.context?.used).toBe(47);
    expect(result.turns.map(({ reason }) => reason)).toEqual(["input", "until", "until"]);
  });

  it("[A2.7] rejects after `maxTurns` with an error that contains the whole work", async () => {
    await using stand = openRunStand([respond(message("one"), tokens), respond(message("two"), tokens)]);
    const error = await errorOf(stand.thread.runAutoStreamed("Count", { maxTurns: 2, until: () => false }).result());
    expect(error).toBeInstanceOf(MaxTurnsError);
    expect(error).toMatchObject({ code: "MAX_TURNS", maxTurns: 2, retryable: false, threadId: stand.thread.id });
    const result = autoRunResultOf(error);
    expect(result).toMatchObject({ stopReason: "failed" });
    expect(result?.turns.map(({ finalResponse }) => finalResponse)).toEqual(["one", "two"]);
    expect(result?.usage.run).toMatchObject({ inputTokens: 84 });
    stand.transport.assertDone();
  });

  it("[A2.7] rejects with a typed error and the work so far if `until` throws, hangs until the abort, or returns an invalid value", async () => {
    await using stand = openRunStand([1, 2, 3].map(() => respond(message("one"))));
    const boom = new Error("boom for sk-1234567890abcdef.");
    const thrown = await errorOf(
      stand.thread
        .runAutoStreamed("Go", {
          until: () => {
            throw boom;
          },
        })
        .result(),
    );
    expect(thrown).toBeInstanceOf(RunCallbackError);
    expect(thrown).toMatchObject({ code: "RUN_CALLBACK_FAILED", callback: "until", cause: boom });
    expect(thrown).toMatchObject({ message: "`until` of the run threw Error: boom for [redacted]." });
    expect(autoRunResultOf(thrown)?.turns).toHaveLength(1);
    // @ts-expect-error -- an invalid value
    const invalid = await errorOf(stand.thread.runAutoStreamed("Go", { until: () => "yes" }).result());
    expect(invalid).toMatchObject({ code: "RUN_CALLBACK_FAILED", callback: "until" });
    const abort = new AbortController();
    const hanging = stand.thread.runAutoStreamed("Go", {
      signal: abort.signal,
      until: () => {
        abort.abort("enough");
        return new Promise(() => undefined);
      },
    });
    const aborted = await errorOf(hanging.result());
    expect(aborted).toBeInstanceOf(AbortedError);
    expect(aborted).toMatchObject({ cause: "enough" });
    expect(autoRunResultOf(aborted)?.turns).toHaveLength(1);
  });

  it("[A1.11] [A2.7] runs one repair turn with the issues, the answer and the schema if the output does not fit", async () => {
    const outputSchema = z.object({ ok: z.boolean() });
    await using stand = openRunStand([respond(message("nope")), respond(message('{"ok":true}'))]);
    const { output, turns } = await stand.thread.runAutoStreamed("Judge", { outputSchema }).result();
    expect(output.ok).toBe(true);
    expect(turns.map(({ reason }) => reason)).toEqual(["input", "repair"]);
    expect(stand.prompts()[1]).toMatch(/does not fit.*the answer is not valid JSON[^]*nope/);
    stand.transport.assertDone();
  });

  it("[A1.11] [A2.7] rejects with the schema's error after its repair turns; the repair input cuts a long answer", async () => {
    const outputSchema = z.object({ ok: z.boolean() });
    const long = "x".repeat(100_000);
    await using stand = openRunStand([respond(message(long)), respond(message("{}")), respond(message("no"))]);
    const error = await errorOf(stand.thread.runAutoStreamed("Judge", { outputSchema }).result());
    expect(error).toBeInstanceOf(StructuredOutputError);
    expect(autoRunResultOf(error)?.turns).toHaveLength(2);
    expect(stand.prompts()[1]?.length).toBeLessThan(5000);
    const none = await errorOf(stand.thread.runAutoStreamed("Judge", { outputSchema, repair: 0 }).result());
    expect(autoRunResultOf(none)?.turns).toHaveLength(1);
    stand.transport.assertDone();
  });

  it("[A1.11] [A2.7] sets the schema's error as the cause if `maxTurns` leaves no turn for a repair", async () => {
    await using stand = openRunStand([respond(message("nope"))]);
    const error = await errorOf(
      stand.thread.runAutoStreamed("Judge", { outputSchema: z.object({}), maxTurns: 1 }).result(),
    );
    expect(error).toBeInstanceOf(MaxTurnsError);
    expect(error).toMatchObject({ cause: { code: "OUTPUT_INVALID" } });
  });

  it("[A2.7] emits the events of all turns one after another, with its own events around them", async () => {
    await using stand = openRunStand([respond(message("one")), respond(message("two"))]);
    const run = stand.thread.runAutoStreamed("Count", { until: ({ finalResponse }) => finalResponse === "two" });
    const events = await collect(run);
    const shown = events.map(({ type }) => type).filter((type) => /^codexkit\.|^turn\.(started|completed)/.test(type));
    expect(shown).toEqual([
      "codexkit.run.started",
      "codexkit.run.turn",
      "turn.started",
      "turn.completed",
      "codexkit.run.turn",
      "turn.started",
      "turn.completed",
      "codexkit.run.completed",
    ]);
    expect(events.at(-1)).toMatchObject({ stopReason: "completed", code: null, turns: 2 });
    expect((await run.result()).finalResponse).toBe("two");
  });

  it("[A1.19] is cold and has one cursor; its result is memoised and drives it", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const run = stand.thread.runAutoStreamed("Count");
    await new Promise((resolve) => setImmediate(resolve));
    expect(stand.transport.modelRequests).toHaveLength(0);
    const result = run.result();
    expect(run.result()).toBe(result);
    expect("then" in run).toBe(false);
    await result;
    const { events } = run;
    expect(() => run.events).toThrow(TurnConsumedError);
    expect(() => run.textStream).toThrow(TurnConsumedError);
    expect((await collect(events)).at(-1)?.type).toBe("codexkit.run.completed");
  });

  it("[A1.19] ends with its turn if the reader leaves the loop; the result is `interrupted`", async () => {
    const hold = gate();
    await using stand = openRunStand([respond(message("one")), respond(shell("sleep 9"), hold)]);
    const run = stand.thread.runAutoStreamed("Count", { until: () => false });
    for await (const event of run) if (event.type === "item.started" && event.item.type === "commandExecution") break;
    const result = await run.result();
    expect(result).toMatchObject({ stopReason: "interrupted", finalResponse: null });
    expect(result.turns.map(({ status }) => status)).toEqual(["completed", "interrupted"]);
    hold.open();
  });

  it("[A2.7] resolves after interrupt(), also before it has begun and while `until` is pending", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const cold = stand.thread.runAutoStreamed("Go");
    await cold.interrupt();
    expect((await cold.result()).stopReason).toBe("interrupted");
    const thinks = gate();
    const thinking = stand.thread.runAutoStreamed("Go", {
      until: () => {
        thinks.open();
        return new Promise(() => undefined);
      },
    });
    const result = thinking.result();
    await thinks.wait(new AbortController().signal);
    await thinking.interrupt();
    expect(await result).toMatchObject({ stopReason: "interrupted", turns: [{ finalResponse: "one" }] });
  });

  it("[A2.7] ends its running turn on abort; the reader and the result get the AbortError", async () => {
    const hold = gate();
    await using stand = openRunStand([respond(shell("sleep 9"), hold)]);
    const abort = new AbortController();
    const run = stand.thread.runAutoStreamed("Go", { signal: abort.signal });
    const read = (async () => {
      for await (const event of run) if (event.type === "item.started") abort.abort("now");
    })();
    const error = await errorOf(run.result());
    expect(error).toMatchObject({ name: "AbortError", cause: "now" });
    expect(autoRunResultOf(error)?.turns).toHaveLength(1);
    expect(await errorOf(read)).toBe(error);
    hold.open();
  });

  it("[A2.7] rejects when its thread is closed while the run waits", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const until = (): Promise<boolean> => {
      void stand.thread.close();
      return new Promise(() => undefined);
    };
    const error = await errorOf(stand.thread.runAuto("Go", { until }));
    expect(error).toMatchObject({ code: "CLIENT_CLOSED" });
    expect(autoRunResultOf(error)?.turns).toHaveLength(1);
  });

  it("[A2.7] throws at once for an invalid option or input", async () => {
    await using stand = openRunStand([]);
    const refused = (options: object): unknown => {
      try {
        stand.thread.runAutoStreamed("Go", options);
      } catch (error) {
        return error;
      }
      return null;
    };
    expect(refused({ maxTurn: 3 })).toMatchObject({ code: "UNKNOWN_OPTION", option: "maxTurn" });
    expect(String(refused({ maxTurn: 3 }))).toContain("maxTurns");
    expect(refused({ retry: { attempt: 3 } })).toMatchObject({ code: "UNKNOWN_OPTION", option: "attempt" });
    expect(String(refused({ retry: { attempt: 3 } }))).toContain("Did you mean `attempts`?");
    expect(refused({ hooks: { onTurnBegin: () => undefined } })).toMatchObject({ code: "UNKNOWN_OPTION" });
    expect(String(refused({ hooks: { onTurnStrat: () => undefined } }))).toContain("Did you mean `onTurnStart`?");
    expect(String(refused({ guardrails: { inputs: [] } }))).toContain("Did you mean `input`?");
    expect(String(refused({ guardrails: { elsewhere: [] } }))).toContain("Known are: input, output.");
    const bad = [
      { maxTurns: 0 },
      { repair: -1 },
      { until: true },
      { retry: true },
      { retry: { factor: 0.5 } },
      { hooks: { onRunEnd: 1 } },
      { guardrails: { input: [{ name: "x" }] } },
      { guardrails: { input: [{ name: "x", check: () => undefined, mode: "beside" }] } },
      { checkpoint: {} },
      { whenBusy: "steer" },
      { signal: {} },
      { timeoutMs: -1 },
    ];
    for (const options of bad)
      expect(refused(options), JSON.stringify(options)).toMatchObject({ code: "INVALID_OPTION" });
    expect(() => stand.thread.runAutoStreamed("")).toThrow(OptionError);
  });

  it("[A2.7] passes the context and the attempt to the tools of every turn", async () => {
    const calls: unknown[] = [];
    const look = tool({
      name: "look",
      description: "Looks.",
      execute: (_args, { attempt, context }) => String(calls.push({ attempt, context })),
    });
    const turn = [respond(functionCall("look", {})), respond(message("done"))];
    await using stand = openRunStand([...turn, fail(500), ...turn], { tools: [look] });
    const context = { user: 1 };
    const retry = { initialDelayMs: 1 };
    await stand.thread.runAuto("Go", { context, retry, until: (_result, { turns }) => turns === 2 });
    expect(calls).toEqual([
      { attempt: 1, context },
      { attempt: 2, context },
    ]);
  });
});
