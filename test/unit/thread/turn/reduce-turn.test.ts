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
  it("keeps completed items in their order, and those that never completed apart", () => {
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

  it("is pure: no summary is ever changed by what comes later", () => {
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

  it("[A1.12] a retry gives up what the model was saying; what is at work goes on", () => {
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

  it("[A1.9] the message that a last, cut stream had begun is told as unfinished", () => {
    const told: ThreadEvent = { ...retrying, error: { message: "cut" }, willRetry: false };
    const result = resultOf([started(), begin(message("m1", "")), told, ended("failed")]);
    expect(result.unfinishedItems.map(({ id }) => id)).toEqual(["m1"]);
  });

  it("[A1.12] an error that codex got over is none; one that it had not tells why the turn was at a stop", () => {
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

  it("[A1.12] what the model does itself is no work: its silence is told by the idle clock", () => {
    for (const item of [message("i", ""), { type: "reasoning", id: "i", summary: [] }] satisfies ThreadItem[]) {
      expect(hasWorkOpen([started(), begin(item)].reduce(reduceTurn, createTurnSummary(null)))).toBe(false);
    }
  });

  it("[A1.12] what a sub-agent tells of itself is no work: waiting for it is, and has an item of its own", () => {
    const item = { id: "i", kind: "started", agentThreadId: "a", agentPath: "/root/a" } as const;
    const told = reduceTurn(createTurnSummary(null), begin({ type: "subAgentActivity", ...item }));
    expect(hasWorkOpen(told)).toBe(false);
    expect(hasWorkOpen(reduceTurn(told, begin({ ...collab, tool: "wait" })))).toBe(true);
  });

  it("a failed turn has the error of its end, else the last that was told; a completed turn has none", () => {
    const told: ThreadEvent = { type: "error", threadId: "thread-1", turnId: "turn-1", error: { message: "told" } };
    const bare: ThreadEvent = {
      type: "turn.completed",
      threadId: "thread-1",
      turnId: "turn-1",
      turn: { status: "failed" },
    };
    expect(resultOf([started(), told, ended("failed")]).error).toEqual({ message: "no" });
    expect(resultOf([started(), told, bare]).error).toEqual({ message: "told" });
    expect(resultOf([started(), told, ended()])).toMatchObject({ status: "completed", error: null });
  });

  it("a status that this version does not know is no success", () => {
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

  it("usage of another turn, told again when a thread is resumed, is not counted", () => {
    const events = [started(), usageReport(tokens(900, 0, 9), tokens(900, 0, 9), "turn-0"), ended()];
    expect(resultOf(events).usage).toEqual({});
  });
});

describe("usage", () => {
  it("[A1.7] three turns of 42/12/5 give thread totals 126/36/15, and 42/12/5 each", () => {
    for (const count of [1, 2, 3]) {
      const total = tokens(42 * count, 12 * count, 5 * count);
      const { usage } = resultOf([started(), usageReport(total, tokens(42, 12, 5)), ended()], "unknown");
      expect(usage.turn).toEqual(tokens(42, 12, 5));
      expect(usage.thread).toEqual(total);
      expect(usage.context).toEqual({ used: 47, window: 1_000 });
    }
  });

  it("[A1.7] a turn of several model requests is all of them; the context is the last one's", () => {
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

  it("[A1.7] on exec, whose numbers count the whole thread, a turn is the difference to the turn before", () => {
    let baseline: UsageBaseline = "none";
    for (const count of [1, 2, 3]) {
      const total = tokens(42 * count, 12 * count, 5 * count);
      const { usage } = resultOf([started(null), endedOnExec(total)], baseline);
      expect(usage).toEqual({ turn: tokens(42, 12, 5), thread: total });
      baseline = total;
    }
  });

  it("[A1.7] without a baseline a turn's usage is not told, and never the thread's in its place", () => {
    const { usage } = resultOf([started(null), endedOnExec(tokens(126, 36, 15))], "unknown");
    expect(usage).toEqual({ thread: tokens(126, 36, 15) });
    expect(usage.turn).toBeUndefined();
  });

  it("[A1.9] a full context is no request: what the turn had used before stays", () => {
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

  it("[A1.7] a count that begins anew with a real request counts that request, and is not told where it is not known", () => {
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

  it("the sum of the turns is the thread, whatever the requests were", () => {
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
    ["the final answer wins, also over a later message", ["final:A", "plain:B"], "A"],
    ["the last final answer wins", ["final:A", "final:B"], "B"],
    ["else the last message without a phase", ["plain:A", "plain:B", "commentary:C"], "B"],
    ["commentary never counts", ["commentary:A"], null],
    ["an empty one is kept", ["plain:A", "final:"], ""],
    ["an empty one without a phase is kept", ["plain:A", "plain:"], ""],
    ["none is null", [], null],
  ])("[A1.14] %s", (_, texts, expected) => {
    const items = texts.map((text, index) => {
      const [phase = "", said = ""] = text.split(":");
      const known = phase === "final" ? "final_answer" : phase === "commentary" ? "commentary" : undefined;
      return message(`m${index}`, said, known);
    });
    expect(finalResponseOf([command("c1"), ...items, command("c2")])).toBe(expected);
  });

  it("[A1.14] a phase of null is none", () => {
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
