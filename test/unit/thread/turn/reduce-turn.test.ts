import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeNotification, type ThreadEvent, type ThreadItem } from "../../../../src/protocol/index.js";
import {
  finalResponseOf,
  hasWorkOpen,
  createTurnSummary,
  reduceTurn,
  toPartialResult,
  type TurnSummary,
} from "../../../../src/thread/turn/reduce-turn.js";
import { toTurnUsage, type UsageBaseline, type UsageSpan, withReport } from "../../../../src/thread/turn/turn-usage.js";
import { begin, command, delta, ended, endedOnExec, finish, message, started, tokens, usageReport } from "../events.js";

const retrying: ThreadEvent = {
  type: "error",
  threadId: "thread-1",
  turnId: "turn-1",
  error: { message: "Reconnecting" },
  willRetry: true,
};
const collab: ThreadItem = {
  type: "collabAgentToolCall",
  id: "i",
  tool: "spawnAgent",
  status: "inProgress",
  senderThreadId: "thread-1",
  receiverThreadIds: [],
  agentsStates: {},
};

describe("folding a turn's events", () => {
  it("lists completed items in order, and unfinished items apart from them", () => {
    const events = [
      started(),
      begin(command("c1")),
      begin(message("m1", "")),
      delta("m1", "Hel"),
      finish(message("m1", "Hello")),
      begin(command("c2")),
      finish(command("c2")),
      ended("interrupted"),
    ];
    const result = resultOf(events);
    expect(result.items.map(({ id }) => id)).toEqual(["m1", "c2"]);
    expect(result.unfinishedItems.map(({ id }) => id)).toEqual(["c1"]);
    expect(result).toMatchObject({ status: "interrupted", threadId: "thread-1", turnId: "turn-1", error: null });
  });

  it("is pure: a later event never changes an earlier summary", () => {
    const event = fc.constantFrom<ThreadEvent>(
      started(),
      begin(command("c1")),
      finish(command("c1")),
      begin(message("m1", "")),
      finish(message("m1", "x")),
      usageReport(tokens(42, 12, 5), tokens(42, 12, 5)),
      ended(),
      ended("failed"),
      retrying,
    );
    fc.assert(
      fc.property(fc.array(event), (events) => {
        let summary = createTurnSummary(null);
        for (const next of events) {
          const before = snapshot(summary);
          const frozen = deepFreeze(summary);
          const after = reduceTurn(frozen, next);
          expect(snapshot(summary)).toEqual(before);
          expect(snapshot(reduceTurn(frozen, next))).toEqual(snapshot(after));
          summary = after;
        }
      }),
    );
  });

  it("[A1.12] a retry drops the open messages of the model and keeps open commands", () => {
    const events = [
      started(),
      begin({ type: "reasoning", id: "r1", summary: [] }),
      begin(message("m1", "")),
      begin(command("c1")),
      retrying,
    ];
    const summary = events.reduce(reduceTurn, createTurnSummary(null));
    expect([...summary.openItems.keys()]).toEqual(["c1"]);
    expect(hasWorkOpen(summary)).toBe(true);
    const later = [begin(message("m2", "")), finish(command("c1")), finish(message("m2", "whole")), ended()];
    const result = resultOf([...events, ...later]);
    expect(result.unfinishedItems).toEqual([]);
    expect(result.items.map(({ id }) => id)).toEqual(["c1", "m2"]);
  });

  it("[A1.9] lists the message of a broken last stream as unfinished", () => {
    const broken: ThreadEvent = { ...retrying, error: { message: "cut" }, willRetry: false };
    const result = resultOf([started(), begin(message("m1", "")), broken, ended("failed")]);
    expect(result.unfinishedItems.map(({ id }) => id)).toEqual(["m1"]);
  });

  it("[A1.12] drops an error after which progress followed, and keeps the last error otherwise", () => {
    expect(resultOf([started(), retrying]).error).toEqual({ message: "Reconnecting" });
    expect(resultOf([started(), retrying, ended("interrupted")]).error).toEqual({ message: "Reconnecting" });
    expect(resultOf([started(), retrying, begin(message("m1", ""))]).error).toBeNull();
    expect(resultOf([started(), retrying, finish(command("c1")), ended("interrupted")]).error).toBeNull();
  });

  it.each([
    ["a command", command("i")],
    ["an MCP tool", { type: "mcpToolCall", id: "i", server: "s", tool: "t", arguments: {}, status: "inProgress" }],
    ["a host tool", { type: "dynamicToolCall", id: "i", tool: "t", arguments: {}, status: "inProgress" }],
    ["another agent", collab],
  ] satisfies [string, ThreadItem][])("[A1.12] %s is work while its item is open", (_, item) => {
    const open = [started(), begin(item)].reduce(reduceTurn, createTurnSummary(null));
    expect(hasWorkOpen(open)).toBe(true);
    expect(hasWorkOpen(reduceTurn(open, finish(item)))).toBe(false);
  });

  it("[A1.12] messages and reasoning of the model are not work, so the idle limit counts during them", () => {
    for (const item of [message("i", ""), { type: "reasoning", id: "i", summary: [] }] satisfies ThreadItem[]) {
      expect(hasWorkOpen([started(), begin(item)].reduce(reduceTurn, createTurnSummary(null)))).toBe(false);
    }
  });

  it("[A1.12] the activity of a sub-agent is not work, but waiting for a sub-agent is", () => {
    const item = { id: "i", kind: "started", agentThreadId: "a", agentPath: "/root/a" } as const;
    const active = reduceTurn(createTurnSummary(null), begin({ type: "subAgentActivity", ...item }));
    expect(hasWorkOpen(active)).toBe(false);
    expect(hasWorkOpen(reduceTurn(active, begin({ ...collab, tool: "wait" })))).toBe(true);
  });

  it("a failed turn has the error of its end, else the last reported error; a completed turn has none", () => {
    const reported: ThreadEvent = {
      type: "error",
      threadId: "thread-1",
      turnId: "turn-1",
      error: { message: "reported" },
    };
    const bare: ThreadEvent = {
      type: "turn.completed",
      threadId: "thread-1",
      turnId: "turn-1",
      turn: { status: "failed" },
    };
    expect(resultOf([started(), reported, ended("failed")]).error).toEqual({ message: "no" });
    expect(resultOf([started(), reported, bare]).error).toEqual({ message: "reported" });
    expect(resultOf([started(), reported, ended()])).toMatchObject({ status: "completed", error: null });
  });

  it("an unknown status counts as failed", () => {
    const odd = decodeNotification(
      {
        method: "turn/completed",
        params: { threadId: "thread-1", turn: { id: "turn-1", status: "exploded", items: [], itemsView: "summary" } },
      },
      "",
    );
    if (odd.type !== "turn.completed") throw new Error(`it was read as ${odd.type}`);
    expect(resultOf([started(), odd]).status).toBe("failed");
  });

  it("does not count usage of another turn, which codex repeats when a thread is resumed", () => {
    const events = [started(), usageReport(tokens(900, 0, 9), tokens(900, 0, 9), "turn-0"), ended()];
    expect(resultOf(events).usage).toEqual({});
  });
});

describe("usage", () => {
  it("[A1.7] three turns of 42/12/5 have thread totals 126/36/15, and 42/12/5 each", () => {
    for (const count of [1, 2, 3]) {
      const total = tokens(42 * count, 12 * count, 5 * count);
      const { usage } = resultOf([started(), usageReport(total, tokens(42, 12, 5)), ended()], "unknown");
      expect(usage.turn).toEqual(tokens(42, 12, 5));
      expect(usage.thread).toEqual(total);
      expect(usage.context).toEqual({ used: 47, window: 1_000 });
    }
  });

  it("[A1.7] a turn's usage is the sum of its model requests; the context is that of the last request", () => {
    const events = [
      started(),
      usageReport(tokens(142, 12, 15), tokens(42, 12, 5)),
      usageReport(tokens(200, 30, 25), tokens(58, 18, 10)),
      ended(),
    ];
    expect(resultOf(events, "unknown").usage).toEqual({
      turn: tokens(100, 30, 15),
      thread: tokens(200, 30, 25),
      context: { used: 68, window: 1_000 },
    });
  });

  it("[A1.7] on exec, which reports totals of the thread, a turn's usage is the difference to the previous total", () => {
    let baseline: UsageBaseline = "none";
    for (const count of [1, 2, 3]) {
      const total = tokens(42 * count, 12 * count, 5 * count);
      const { usage } = resultOf([started(null), endedOnExec(total)], baseline);
      expect(usage).toEqual({ turn: tokens(42, 12, 5), thread: total });
      baseline = total;
    }
  });

  it("[A1.7] without a baseline a turn's usage is absent, and not replaced by the thread's", () => {
    const { usage } = resultOf([started(null), endedOnExec(tokens(126, 36, 15))], "unknown");
    expect(usage).toEqual({ thread: tokens(126, 36, 15) });
    expect(usage.turn).toBeUndefined();
  });

  it("[A1.9] the report of a full context does not change the turn's usage", () => {
    const fill = usageReport(
      { ...tokens(0, 0, 0), totalTokens: 258_400 },
      { ...tokens(0, 0, 0), totalTokens: 258_353 },
    );
    const first = usageReport(tokens(42, 12, 5), tokens(42, 12, 5));
    const { usage } = resultOf([started(), first, first, fill, ended("failed")]);
    expect(usage).toEqual({
      turn: tokens(42, 12, 5),
      thread: tokens(42, 12, 5),
      context: { used: 258_353, window: 1_000 },
    });
    const again = usageReport({ ...tokens(10, 2, 1), totalTokens: 258_411 }, tokens(10, 2, 1));
    expect(resultOf([started(), first, fill, again, ended()]).usage).toMatchObject({
      turn: tokens(52, 14, 6),
      thread: tokens(52, 14, 6),
    });
    expect(resultOf([started(), fill, ended("failed")]).usage.turn).toEqual(tokens(0, 0, 0));
    expect(resultOf([started(), fill, ended("failed")], tokens(42, 12, 5)).usage.turn).toEqual(tokens(0, 0, 0));
  });

  it("[A1.7] counts the first request after a restarted count; the usage is absent if that request is unknown", () => {
    const first = usageReport(tokens(1_000, 0, 10), tokens(1_000, 0, 10));
    const anew = usageReport(tokens(200, 3, 5), tokens(200, 3, 5));
    const more = usageReport(tokens(300, 3, 6), tokens(100, 0, 1));
    for (const baseline of ["none", "unknown"] as const) {
      expect(resultOf([started(), first, anew, ended()], baseline).usage).toMatchObject({
        turn: tokens(1_200, 3, 15),
        thread: tokens(1_200, 3, 15),
      });
      expect(resultOf([started(), first, anew, more, ended()], baseline).usage.turn).toEqual(tokens(1_300, 3, 16));
    }
    // Exec has no `last`.
    const spans = [{ total: tokens(1_000, 0, 10) }, { total: tokens(200, 0, 5) }].reduce<readonly UsageSpan[]>(
      withReport,
      [],
    );
    expect(toTurnUsage("none", spans)).toEqual({});
  });

  it("the usage of all turns adds up to that of the thread for any requests", () => {
    const request = fc.tuple(fc.nat(500), fc.nat(500), fc.nat(500));
    fc.assert(
      fc.property(
        fc.array(fc.array(request, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 6 }),
        (turns) => {
          let total = tokens(0, 0, 0);
          let sum = 0;
          for (const requests of turns) {
            const events = [started()];
            for (const [input, cached, output] of requests) {
              total = tokens(total.inputTokens + input, total.cachedInputTokens + cached, total.outputTokens + output);
              events.push(usageReport(total, tokens(input, cached, output)));
            }
            sum += resultOf([...events, ended()], "unknown").usage.turn?.inputTokens ?? Number.NaN;
          }
          expect(sum).toBe(total.inputTokens);
        },
      ),
    );
  });
});

describe("the final response", () => {
  it.each([
    ["prefers the final answer, also to a later message", ["final:A", "plain:B"], "A"],
    ["uses the last of several final answers", ["final:A", "final:B"], "B"],
    ["uses the last message without a phase if there is no final answer", ["plain:A", "plain:B", "commentary:C"], "B"],
    ["never uses commentary", ["commentary:A"], null],
    ["keeps an empty final answer", ["plain:A", "final:"], ""],
    ["keeps an empty message without a phase", ["plain:A", "plain:"], ""],
    ["is null without messages", [], null],
  ])("[A1.14] %s", (_, texts, expected) => {
    const items = texts.map((text, index) => {
      const [phase = "", answer = ""] = text.split(":");
      const known = phase === "final" ? "final_answer" : phase === "commentary" ? "commentary" : undefined;
      return message(`m${index}`, answer, known);
    });
    expect(finalResponseOf([command("c1"), ...items, command("c2")])).toBe(expected);
  });

  it("[A1.14] treats a phase of null as no phase", () => {
    expect(finalResponseOf([{ type: "agentMessage", id: "m", text: "A", phase: null }])).toBe("A");
  });
});

function resultOf(events: readonly ThreadEvent[], baseline: UsageBaseline = "none") {
  const summary = events.reduce(reduceTurn, createTurnSummary(null));
  return toPartialResult(summary, { baseline, durationMs: 1 });
}

function snapshot(summary: TurnSummary): unknown {
  return structuredClone({ ...summary, openItems: [...summary.openItems] });
}

function deepFreeze(summary: TurnSummary): TurnSummary {
  Object.freeze(summary.items);
  Object.freeze(summary.openItems);
  return Object.freeze(summary);
}
