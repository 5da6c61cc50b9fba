import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AutoRunOptions, RunHooks, ThreadEvent, UntilAnswer } from "../../../../src/index.js";
import { fail, message, respond, shell } from "../../../../src/testing/index.js";
import { hookNames, TurnHooks } from "../../../../src/thread/auto-run/run-hooks.js";
import { collect, errorOf, openRunStand } from "./run-stand.js";

/** Returns hooks that record their names. */
function recorder(order: string[]): RunHooks {
  return Object.fromEntries(hookNames.map((name) => [name, () => void order.push(name)]));
}

describe("hooks", () => {
  it("[A2.8] are called in the documented order, each exactly once", async () => {
    await using stand = openRunStand([
      fail(500),
      respond(shell("echo hi", { output: "hi\n" })),
      respond(message("one")),
      respond(message("two")),
    ]);
    const order: string[] = [];
    const options: AutoRunOptions = {
      hooks: recorder(order),
      guardrails: {
        input: [{ name: "in", check: () => ({ behavior: "allow" }) }],
        output: [{ name: "out", check: () => ({ behavior: "allow" }) }],
      },
      retry: { initialDelayMs: 1 },
      until: ({ finalResponse }) => finalResponse === "two",
    };
    await stand.thread.runAutoStreamed("Work", options).result();
    const item = ["onItemStart", "onItemEnd"];
    expect(order).toEqual([
      "onRunStart",
      "onGuardrail",
      ...["onTurnStart", ...item, "onTurnEnd", "onError", "onRetry"],
      ...["onTurnStart", ...item, ...item, ...item, "onTurnEnd", "onGuardrail"],
      ...["onTurnStart", ...item, ...item, "onTurnEnd", "onGuardrail"],
      "onRunEnd",
    ]);
  });

  it("[A2.8] get the context, the numbers of the turn, and the outcome", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const calls: unknown[] = [];
    const context = { job: 7 };
    await stand.thread
      .runAutoStreamed("Work", {
        context,
        hooks: {
          onRunStart: (call) => calls.push(call),
          onTurnStart: (call) => calls.push(call),
          onTurnEnd: ({ turn, result, error }) => calls.push([turn, result.finalResponse, error]),
          onRunEnd: ({ result, error, context: given }) => calls.push([result.stopReason, error, given === context]),
        },
      })
      .result();
    expect(calls).toEqual([
      { input: "Work", threadId: null, resumed: false, context },
      { turn: 1, attempt: 1, reason: "input", input: "Work", context },
      [1, "one", null],
      ["completed", null, true],
    ]);
  });

  it("[A2.8] include one `onError` for each error, also for an error outside a turn", async () => {
    await using stand = openRunStand([fail(400), respond(message("one"))]);
    const order: string[] = [];
    const hooks = { onError: () => order.push("error"), onRunEnd: () => order.push("end") };
    await errorOf(stand.thread.runAutoStreamed("Work", { hooks }).result());
    expect(order).toEqual(["error", "end"]);
    const until = (): never => {
      throw new Error("boom");
    };
    await errorOf(stand.thread.runAutoStreamed("Work", { hooks, until }).result());
    expect(order).toEqual(["error", "end", "error", "end"]);
  });

  it.each(["CLIENT_CLOSED", "INPUT_EMPTY"])(
    "[A2.8] include no start hook without an end hook if the next turn cannot be opened: %s",
    async (code) => {
      await using stand = openRunStand([respond(message("one"))]);
      const order: string[] = [];
      const until = (): UntilAnswer => {
        if (code === "CLIENT_CLOSED") void stand.thread.close();
        return { done: false, input: code === "CLIENT_CLOSED" ? "Go" : "" };
      };
      const error = await errorOf(stand.thread.runAuto("Work", { hooks: recorder(order), until }));
      expect(error).toMatchObject({ code });
      expect(order.filter((name) => name === "onTurnStart")).toHaveLength(1);
      expect(order.slice(-3)).toEqual(["onTurnEnd", "onError", "onRunEnd"]);
    },
  );

  it("[A2.8] that throw, reject or never settle do not stop the run; the warning does not contain their words", async () => {
    await using stand = openRunStand([respond(message("one"))]);
    const hooks: RunHooks = Object.fromEntries(
      hookNames.map((name, at) => [
        name,
        () => {
          if (at % 3 === 0) throw new TypeError("password=hunter2");
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- a rejection without an Error
          return at % 3 === 1 ? Promise.reject("hunter2") : new Promise(() => undefined);
        },
      ]),
    );
    const run = stand.thread.runAutoStreamed("Work", { hooks });
    const events = await collect(run);
    expect((await run.result()).stopReason).toBe("completed");
    const warnings = events.filter((event) => event.type === "codexkit.warning" && event.code === "HOOK_FAILED");
    expect(warnings).toContainEqual(
      expect.objectContaining({ message: "The hook `onRunStart` failed (TypeError); the run continues." }),
    );
    expect(warnings.length).toBeGreaterThan(1);
    expect(JSON.stringify(events)).not.toContain("hunter2");
  });

  it("[A6] that throw or reject are in the warnings of the result, with the warnings of the turns", async () => {
    await using stand = openRunStand([respond(message("one")), respond(message("two"))]);
    const hooks: RunHooks = {
      onRunStart: () => Promise.reject(new TypeError("password=hunter2")),
      onItemEnd: () => {
        throw new RangeError("hunter2");
      },
      onRunEnd: () => {
        throw new Error("hunter2");
      },
    };
    const { warnings } = await stand.thread.runAuto("Work", { hooks });
    const failures = warnings.filter(({ code }) => code === "HOOK_FAILED").map(({ message: text }) => text);
    expect(failures[0]).toBe("The hook `onRunStart` failed (TypeError); the run continues.");
    expect(failures).toContain("The hook `onItemEnd` failed (RangeError); the run continues.");
    expect(failures.at(-1)).toBe("The hook `onRunEnd` failed (Error); the run continues.");
    expect(JSON.stringify(warnings)).not.toContain("hunter2");
    expect((await stand.thread.runAuto("Work")).warnings).toEqual([]);
  });

  it("[A2.8] have one end for each start, for every order of events", () => {
    fc.assert(
      fc.property(fc.array(anyEvent(), { maxLength: 60 }), (events) => {
        const calls: string[] = [];
        const hooks = new TurnHooks({ turn: 1, attempt: 1 });
        const call = (name: string, given: object): void => void calls.push(`${name} ${idOf(given)}`);
        for (const event of events) hooks.onEvent(event, call);
        hooks.onEnd(call);
        const open = new Set<string>();
        for (const each of calls) {
          const [name = "", id = ""] = each.split(" ");
          const subject = `${name.replace(/(Start|End|Requested|Resolved)$/, "")} ${id}`;
          const begins = /(Start|Requested)$/.test(name);
          expect(open.has(subject)).toBe(!begins);
          if (begins) open.add(subject);
          else open.delete(subject);
        }
        expect(open).toEqual(new Set());
        for (const kind of ["item", "tool", "approval"])
          expect(begun(calls, kind)).toBeGreaterThanOrEqual(firsts(events, kind));
        hooks.onEnd(call);
        expect(calls.filter((each) => each.endsWith("!"))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

function anyEvent(): fc.Arbitrary<ThreadEvent> {
  const id = fc.constantFrom("a", "b", "c");
  const base = { threadId: "t", turnId: "u" };
  const item = fc.record({ type: fc.constantFrom("agentMessage", "commandExecution", "reasoning"), id });
  const events = fc.oneof(
    item.map((given) => ({ ...base, type: "item.started", item: given })),
    item.map((given) => ({ ...base, type: "item.updated", item: given })),
    item.map((given) => ({ ...base, type: "item.completed", item: given })),
    id.map((callId) => ({ ...base, type: "codexkit.tool.started", callId, tool: "x", namespace: null })),
    id.map((callId) => ({ ...base, type: "codexkit.tool.completed", callId, tool: "x", namespace: null })),
    id.map((approvalId) => ({ ...base, type: "codexkit.approval.requested", approvalId })),
    id.map((approvalId) => ({ ...base, type: "codexkit.approval.resolved", approvalId })),
    fc.boolean().map((willRetry) => ({ ...base, type: "error", error: { message: "x" }, willRetry })),
  );

  return events.map((event) => event as unknown as ThreadEvent);
}

function idOf(given: object): string {
  const found = /"(?:id|callId|approvalId)":"(.)"/.exec(JSON.stringify(given));
  return found?.[1] ?? "!";
}

function begun(calls: readonly string[], kind: string): number {
  return calls.filter((each) => each.toLowerCase().startsWith(`on${kind}`) && /(Start|Requested) /.test(each)).length;
}

/** Returns the number of ids of this kind with a start event. */
function firsts(events: readonly ThreadEvent[], kind: string): number {
  const types = { item: "item.started", tool: "codexkit.tool.started", approval: "codexkit.approval.requested" };
  const type = Object.entries(types).find(([name]) => name === kind)?.[1];
  return new Set(events.filter((event) => event.type === type).map((event) => idOf(event))).size;
}
