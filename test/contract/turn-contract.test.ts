import { describe, expect, it } from "vitest";
import {
  AbortedError,
  ClientClosedError,
  CodexError,
  partialResultOf,
  type ThreadEvent,
  ThreadBusyError,
  TurnConsumedError,
  TurnFailedError,
  TurnNotActiveError,
  type TurnOptions,
  UnsupportedFeatureError,
} from "../../src/index.js";
import { isJsonObject } from "../../src/internal/json.js";
import { createTurnSummary, reduceTurn, toPartialResult } from "../../src/thread/turn/reduce-turn.js";
import {
  fail,
  gate,
  message,
  type ModelRequest,
  repeat,
  reasoning,
  respond,
  shell,
  usage,
} from "../../src/testing/index.js";
import { newestCodex } from "../../src/testing/fakes/newest-codex.js";
import { harnesses } from "./harnesses.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });

async function collect(events: AsyncIterable<ThreadEvent>): Promise<ThreadEvent[]> {
  const all: ThreadEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

describe.each(harnesses)("$name", (harness) => {
  it("[A1.19] a turn is cold: no request and no process before the first pull [A1.4]", async () => {
    await using stand = await harness.open([respond(message("Hello"), tokens)]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Say hello");
    await new Promise((resolve) => setImmediate(resolve));
    expect(turn.status).toBe("idle");
    expect([stand.asked(), stand.spawned() ?? 0]).toEqual([0, 0]);
    await turn.events.next();
    expect(turn.status).not.toBe("idle");
    await turn.result();
    expect(stand.asked()).toBe(1);
    await stand.assertDone();
  });

  it("[A1.19] result() drives a turn without a reader, is memoised, and never claims the cursor", async () => {
    await using stand = await harness.open([respond(message("Hello"), tokens)]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Say hello");
    const result = turn.result();
    expect(turn.result()).toBe(result);
    expect((await result).finalResponse).toBe("Hello");
    expect(turn.status).toBe("completed");
    const events = await collect(turn);
    expect(events.at(-1)?.type).toBe("turn.completed");
    expect(stand.asked()).toBe(1);
    await stand.assertDone();
  });

  it("[A1.19] the events can be claimed once", async () => {
    await using stand = await harness.open([respond(message("Hello"), tokens)]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Say hello");
    const { events } = turn;
    expect(() => turn.events).toThrow(TurnConsumedError);
    expect(() => turn.textStream).toThrow(TurnConsumedError);
    expect(() => turn[Symbol.asyncIterator]()).toThrow(TurnConsumedError);
    await collect(events);
    expect((await turn.result()).finalResponse).toBe("Hello");
  });

  it("[A1.19] a turn is not thenable, so the official SDK's `const { events } = await` works", async () => {
    await using stand = await harness.open([respond(message("Hello"), tokens)]);
    // eslint-disable-next-line @typescript-eslint/await-thenable -- programs of the official SDK await the turn
    const { events } = await stand.codex.startThread(stand.thread).runStreamed("Say hello");
    const types = (await collect(events)).map(({ type }) => type);
    expect(types[0]).toBe("thread.started");
    expect(types).toContain("turn.started");
    expect(types.at(-1)).toBe("turn.completed");
  });

  it("every event has the id of its thread, and run() equals the fold of the stream", async () => {
    await using stand = await harness.open([
      respond(reasoning("Thinking"), shell("echo one", { output: "one\n" }), tokens),
      respond(message("Done"), tokens),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    const turn = thread.runStreamed("Work");
    const events = await collect(turn);
    const result = await turn.result();
    expect(new Set(events.map(({ threadId }) => threadId))).toEqual(new Set([thread.id]));
    const folded = toPartialResult(events.reduce(reduceTurn, createTurnSummary(null)), {
      baseline: "none",
      durationMs: 0,
    });
    for (const key of ["items", "usage", "status", "finalResponse", "threadId", "turnId"] as const) {
      expect(result[key], key).toEqual(folded[key]);
    }
    const kinds = result.items.map(({ type }) => type).filter((type) => type !== "userMessage");
    expect(kinds).toEqual(["reasoning", "commandExecution", "agentMessage"]);
    const command = result.items.find((item) => item.type === "commandExecution");
    expect(command).toMatchObject({ aggregatedOutput: "one\n", exitCode: 0, status: "completed" });
  });

  it("[A1.7] three turns of 42/12/5 have the thread totals 126/36/15 and 42/12/5 each, also after a resume from the state", async () => {
    const reply = respond(message("ok"), tokens);
    await using stand = await harness.open([reply, reply, reply, reply]);
    const thread = stand.codex.startThread(stand.thread);
    const perTurn = { inputTokens: 42, cachedInputTokens: 12, outputTokens: 5 };
    for (const count of [1, 2, 3]) {
      const { usage: used } = await thread.run("again");
      expect(used.turn).toMatchObject(perTurn);
      expect(used.thread).toMatchObject({
        inputTokens: 42 * count,
        cachedInputTokens: 12 * count,
        outputTokens: 5 * count,
      });
    }
    const state = JSON.parse(JSON.stringify(thread)) as ReturnType<typeof thread.toJSON>;
    if (harness.name !== "memory") await stand.codex.close();
    const resumed = stand.another().resumeThread(state, stand.thread);
    const { usage: used } = await resumed.run("and again");
    expect(used.turn).toMatchObject(perTurn);
    expect(used.thread).toMatchObject({ inputTokens: 168, cachedInputTokens: 48, outputTokens: 20 });
    await stand.assertDone();
  });

  it("[A1.7] a thread that is resumed by id alone never reports the thread's total as the turn's usage", async () => {
    const reply = respond(message("ok"), tokens);
    await using stand = await harness.open([reply, reply, reply]);
    const thread = stand.codex.startThread(stand.thread);
    await thread.run("first");
    if (harness.name !== "memory") await stand.codex.close();
    const resumed = stand.another().resumeThread(thread.id ?? "", stand.thread);
    const { usage: second } = await resumed.run("second");
    expect(second.thread).toMatchObject({ inputTokens: 84 });
    if (harness.transport === "exec") expect(second.turn).toBeUndefined();
    else expect(second.turn).toMatchObject({ inputTokens: 42 });
    expect((await resumed.run("third")).usage.turn).toMatchObject({ inputTokens: 42 });
  });

  it("[A1.13] a thread is resumed by its id: the model receives the earlier messages", async () => {
    const seen: string[] = [];
    await using stand = await harness.open([
      respond(message("one"), tokens),
      (request) => {
        seen.push(JSON.stringify(request.input));
        return respond(message("two"), tokens);
      },
    ]);
    const thread = stand.codex.startThread(stand.thread);
    await thread.run("remember the word heliotrope");
    if (harness.name !== "memory") await stand.codex.close();
    const resumed = stand.another().resumeThread(thread.id ?? "", stand.thread);
    const { finalResponse, threadId } = await resumed.run("which word?");
    expect([finalResponse, threadId]).toEqual(["two", thread.id]);
    expect(seen[0]).toContain("heliotrope");
    await stand.assertDone();
  });

  it("[A1.13] an unknown thread id rejects with a typed error", async () => {
    await using stand = await harness.open([]);
    const thread = stand.codex.resumeThread("01a2b3c4-0000-7000-8000-000000000000", stand.thread);
    await expect(thread.run("hello?")).rejects.toMatchObject({ code: "THREAD_NOT_FOUND", retryable: false });
    await stand.assertDone();
  });

  it("[A1.19] a failed turn yields its terminal event and ends; result() rejects with the partial result", async () => {
    await using stand = await harness.open([
      respond(shell("echo kept", { output: "kept\n" }), tokens),
      fail(400, { error: { message: "no such thing", type: "invalid_request_error" } }),
    ]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Fail");
    const events = await collect(turn);
    const last = events.at(-1);
    expect(last?.type === "turn.completed" ? last.turn.status : last?.type).toBe("failed");
    const error: unknown = await turn.result().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TurnFailedError);
    if (!(error instanceof TurnFailedError)) return;
    expect(error.code).toBe("TURN_FAILED");
    expect(error.message).toContain("no such thing");
    expect(error.result.items.some((item) => item.type === "commandExecution")).toBe(true);
    expect(error.result.threadId).toBe(error.threadId);
    expect(turn.status).toBe("failed");
  });

  it("[A1.19] an aborted signal rejects with AbortError, its reason and the partial result; the thread stays usable", async () => {
    const held = gate();
    await using stand = await harness.open([
      respond(shell("echo kept", { output: "kept\n" }), tokens),
      respond(held, message("never"), tokens),
      respond(message("after"), tokens),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    const controller = new AbortController();
    const reason = new Error("enough");
    const turn = thread.runStreamed("Work", { signal: controller.signal });
    const result = turn.result();
    await held.reached;
    controller.abort(reason);
    const error: unknown = await result.catch((caught: unknown) => caught);
    held.open();
    expect(error).toBeInstanceOf(AbortedError);
    expect(error).toMatchObject({ name: "AbortError", code: "ABORTED", cause: reason });
    expect(partialResultOf(error)?.items.some((item) => item.type === "commandExecution")).toBe(true);
    await expect(collect(turn)).rejects.toBeInstanceOf(AbortedError);
    expect((await thread.run("Go on")).finalResponse).toBe("after");
    await stand.assertDone();
  });

  it("[A1.19] a signal aborted before the start: no request and no process", async () => {
    await using stand = await harness.open([]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Work", { signal: AbortSignal.abort("no") });
    await expect(turn.result()).rejects.toMatchObject({ code: "ABORTED", cause: "no" });
    await expect(collect(turn)).rejects.toMatchObject({ code: "ABORTED" });
    expect([stand.asked(), stand.spawned() ?? 0]).toEqual([0, 0]);
  });

  it("[A1.19] result() after a break resolves with the interrupted partial result", async () => {
    const held = gate();
    await using stand = await harness.open([
      respond(shell("echo kept", { output: "kept\n" }), tokens),
      respond(held, message("never"), tokens),
      respond(message("after"), tokens),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    const turn = thread.runStreamed("Work");
    for await (const event of turn) {
      if (event.type === "item.completed" && event.item.type === "commandExecution") {
        await held.reached;
        break;
      }
    }
    held.open();
    const result = await turn.result();
    expect(result.status).toBe("interrupted");
    expect(result.items.some((item) => item.type === "commandExecution")).toBe(true);
    expect(turn.status).toBe("interrupted");
    expect((await thread.run("Go on")).finalResponse).toBe("after");
    await stand.assertDone();
  });

  it("[A1.13] interrupt() resolves, the turn has status interrupted and a terminal event, and the thread stays usable", async () => {
    const held = gate();
    await using stand = await harness.open([
      respond(held, message("never"), tokens),
      respond(message("after"), tokens),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    const turn = thread.runStreamed("Work");
    const events = collect(turn);
    await held.reached;
    await turn.interrupt();
    held.open();
    expect((await turn.result()).status).toBe("interrupted");
    const last = (await events).at(-1);
    expect(last?.type === "turn.completed" ? last.turn.status : last?.type).toBe("interrupted");
    await turn.interrupt();
    expect((await thread.run("Go on")).finalResponse).toBe("after");
    await stand.assertDone();
  });

  it("[A1.13] an abort at the first event ends the turn", async () => {
    const held = gate();
    await using stand = await harness.open([repeat(respond(held, message("never"), tokens))]);
    const thread = stand.codex.startThread(stand.thread);
    for (let round = 0; round < 3; round += 1) {
      const controller = new AbortController();
      const turn = thread.runStreamed("Work", { signal: controller.signal });
      const seen: string[] = [];
      const reading = (async () => {
        for await (const { type } of turn) if (seen.push(type) === 1) controller.abort();
      })();
      await expect(reading).rejects.toBeInstanceOf(AbortedError);
      await expect(turn.result()).rejects.toMatchObject({ code: "ABORTED" });
      expect(turn.status).toBe("interrupted");
    }
    held.open();
  });

  it("[A1.13] start() resolves when codex runs the turn, and an interrupt directly afterwards ends it", async () => {
    const held = gate();
    await using stand = await harness.open([repeat(respond(held, message("never"), tokens))]);
    const turn = await stand.codex.startThread(stand.thread).runStreamed("Work").start();
    expect(turn.status).toBe("running");
    await turn.interrupt();
    expect((await turn.result()).status).toBe("interrupted");
    held.open();
  });

  it("[A1.7] a turn that is interrupted before its first usage report has no usage, and does not change the usage of later turns", async () => {
    const held = [gate(), gate()] as const;
    await using stand = await harness.open([
      respond(message("one"), tokens),
      respond(held[0], message("never"), tokens),
      respond(held[1], message("never"), tokens),
      respond(message("four"), tokens),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    await thread.run("1");
    for (const hold of held) {
      const turn = thread.runStreamed("wait");
      const result = turn.result();
      await hold.reached;
      await turn.interrupt();
      hold.open();
      expect((await result).usage.turn?.inputTokens ?? 0).toBe(0);
    }
    const { usage: used } = await thread.run("4");
    if (harness.transport === "exec") expect(used.turn).toBeUndefined();
    else expect(used.turn).toMatchObject({ inputTokens: 42, outputTokens: 5 });
    await stand.assertDone();
  });

  it("a turn that is interrupted before its start never runs", async () => {
    await using stand = await harness.open([]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Work");
    await turn.interrupt();
    expect((await turn.result()).status).toBe("interrupted");
    expect(stand.asked()).toBe(0);
  });

  it("[A1.13] steer() adds input to the running turn, or throws if the transport lacks it", async () => {
    const held = gate();
    let seen = "";
    await using stand = await harness.open([
      respond(held, message("first"), tokens),
      ...(harness.steer
        ? [
            (request: { readonly input: unknown }) => {
              seen = JSON.stringify(request.input);
              return respond(message("second"), tokens);
            },
          ]
        : []),
    ]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Work");
    const result = turn.result();
    await held.reached;
    if (harness.steer) {
      await turn.steer("also mention heliotrope");
      expect((await result).finalResponse).toBe("second");
      expect(seen).toContain("heliotrope");
    } else {
      await expect(turn.steer("also")).rejects.toBeInstanceOf(UnsupportedFeatureError);
      held.open();
      await result;
    }
    await expect(turn.steer("too late")).rejects.toBeInstanceOf(TurnNotActiveError);
    await stand.assertDone();
  });

  it("[A1.8] concurrent runs on one thread are queued, each with its own turn, on one thread (T9)", async () => {
    await using stand = await harness.open([
      respond(message("one"), tokens),
      respond(message("two"), tokens),
      respond(message("three"), tokens),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    const results = await Promise.all([thread.run("1"), thread.run("2"), thread.run("3")]);
    expect(results.map(({ finalResponse }) => finalResponse)).toEqual(["one", "two", "three"]);
    expect(new Set(results.map(({ threadId }) => threadId)).size).toBe(1);
    if (harness.transport === "app-server") expect(new Set(results.map(({ turnId }) => turnId)).size).toBe(3);
    await stand.assertDone();
  });

  it("[A1.8] an abort removes the turn from the queue, and the others continue", async () => {
    const held = gate();
    await using stand = await harness.open([respond(held, message("one"), tokens), respond(message("three"), tokens)]);
    const thread = stand.codex.startThread(stand.thread);
    const first = thread.run("1");
    await held.reached;
    const controller = new AbortController();
    const second = thread.runStreamed("2", { signal: controller.signal });
    const secondResult = second.result();
    expect(second.status).toBe("queued");
    const third = thread.run("3");
    controller.abort();
    await expect(secondResult).rejects.toMatchObject({ code: "ABORTED" });
    held.open();
    expect([(await first).finalResponse, (await third).finalResponse]).toEqual(["one", "three"]);
    expect(second.id).toBeNull();
    await stand.assertDone();
  });

  it("[A1.8] `await thread.run()` inside the loop over the same thread's turn does not deadlock", async () => {
    await using stand = await harness.open([respond(message("outer"), tokens), respond(message("inner"), tokens)]);
    const thread = stand.codex.startThread(stand.thread);
    let inner: string | null = null;
    for await (const event of thread.runStreamed("Outer")) {
      if (event.type === "turn.started") inner = (await thread.run("Inner")).finalResponse;
    }
    expect(inner).toBe("inner");
    await stand.assertDone();
  });

  it('[A1.8] whenBusy "reject" rejects, and "steer" joins the running turn or throws if the transport lacks it', async () => {
    const held = gate();
    await using stand = await harness.open([
      respond(held, message("first"), tokens),
      ...(harness.steer ? [respond(message("steered"), tokens)] : []),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    const first = thread.run("1");
    await held.reached;
    await expect(thread.run("2", { whenBusy: "reject" })).rejects.toBeInstanceOf(ThreadBusyError);
    const joined = thread.run("3", { whenBusy: "steer" });
    if (harness.steer) {
      expect((await joined).turnId).toBe((await first).turnId);
      expect((await joined).finalResponse).toBe("steered");
    } else {
      await expect(joined).rejects.toBeInstanceOf(UnsupportedFeatureError);
      held.open();
      await first;
    }
    await stand.assertDone();
  });

  it("[A1.11] structured output is parsed, typed and returned in addition to the text", async () => {
    await using stand = await harness.open([respond(message('{"ok":true}'), tokens)]);
    const schema = {
      type: "object",
      properties: { ok: { type: "boolean" } },
      required: ["ok"],
      additionalProperties: false,
    };
    const { output, finalResponse } = await stand.codex
      .startThread(stand.thread)
      .run("Is it ok?", { outputSchema: schema });
    expect(output).toEqual({ ok: true });
    expect(finalResponse).toBe('{"ok":true}');
    await stand.assertDone();
  });

  it("textStream yields the model's text", async () => {
    await using stand = await harness.open([respond(message("Hello world", { deltas: ["Hello ", "world"] }), tokens)]);
    const turn = stand.codex.startThread(stand.thread).runStreamed("Say hello");
    const parts: string[] = [];
    for await (const text of turn.textStream) parts.push(text);
    expect(parts).toEqual(harness.deltas ? ["Hello ", "world"] : ["Hello world"]);
  });

  it.runIf(harness.deltas)("[A1.14] the final_answer phase wins over a later commentary (T5)", async () => {
    await using stand = await harness.open([
      respond(
        message("working on it", { phase: "commentary" }),
        message("the answer", { phase: "final_answer" }),
        message("by the way", { phase: "commentary" }),
        tokens,
      ),
    ]);
    const { finalResponse, items } = await stand.codex.startThread(stand.thread).run("Answer");
    expect(finalResponse).toBe("the answer");
    expect(items.filter(({ type }) => type === "agentMessage")).toHaveLength(3);
  });

  it("[A1.22] close() settles running turns and queued runs; a later call throws ClientClosedError", async () => {
    const held = gate();
    await using stand = await harness.open([respond(held, message("never"), tokens)]);
    const thread = stand.codex.startThread(stand.thread);
    const running = thread.run("1").catch((error: unknown) => error);
    const queued = thread.run("2").catch((error: unknown) => error);
    await held.reached;
    await stand.codex.close();
    await stand.codex.close();
    held.open();
    for (const error of [await running, await queued]) {
      expect(error).toBeInstanceOf(ClientClosedError);
      expect(String(error)).toContain("This client is closed");
    }
    expect(() => thread.runStreamed("3")).toThrow(ClientClosedError);
    expect(() => stand.codex.startThread()).toThrow(ClientClosedError);
    await expect(stand.codex.ready()).rejects.toBeInstanceOf(ClientClosedError);
  });

  it("[A1.4] reading n events yields the first n of the whole stream", async () => {
    const steps = [
      respond(reasoning("r"), shell("echo a", { output: "a\n" }), tokens),
      respond(message("done"), tokens),
    ];
    await using stand = await harness.open([...steps, ...steps, ...steps]);
    const whole = (await collect(stand.codex.startThread(stand.thread).runStreamed("Work"))).map(({ type }) => type);
    for (const count of [1, 3]) {
      const turn = stand.codex.startThread(stand.thread).runStreamed("Work");
      const taken: string[] = [];
      for await (const { type } of turn) if (taken.push(type) === count) break;
      expect(taken).toEqual(whole.slice(0, count));
    }
  });

  it.runIf(harness.real)(
    "a turn's options apply to that turn only, and update() changes them permanently",
    async () => {
      const seen: unknown[] = [];
      const note = ({ body }: ModelRequest) => {
        const { effort = null, summary = null } = isJsonObject(body["reasoning"]) ? body["reasoning"] : {};
        seen.push([body["model"], effort, summary]);
        return respond(message("ok"), tokens);
      };
      await using stand = await harness.open([note, note, note, note, note]);
      const thread = stand.codex.startThread({ ...stand.thread, model: newestCodex.model });
      await thread.run("1");
      const exec = harness.transport === "exec";
      const options: TurnOptions<never> = { model: "gpt-6.1-terra", modelReasoningEffort: "high" };
      if (exec)
        expect(() => thread.runStreamed("2", { modelReasoningSummary: "detailed" })).toThrow(UnsupportedFeatureError);
      await thread.run("2", exec ? options : { ...options, modelReasoningSummary: "detailed" });
      await thread.run("3");
      await thread.update({ modelReasoningEffort: "medium" });
      await thread.run("4");
      await thread.run("5");
      expect(seen).toEqual([
        [newestCodex.model, "low", null],
        ["gpt-6.1-terra", "high", exec ? null : "detailed"],
        [newestCodex.model, "low", null],
        [newestCodex.model, "medium", null],
        [newestCodex.model, "medium", null],
      ]);
    },
  );

  it("every error is a `CodexError`", async () => {
    await using stand = await harness.open([]);
    const error: unknown = await stand.codex
      .startThread(stand.thread)
      .run("no step is left")
      .catch((caught: unknown) => caught);
    expect(CodexError.isInstance(error)).toBe(true);
  });
});
