import { describe, expect, test } from "vitest";
import { cutToWidth } from "../../../../src/cli/render/cut-to-width.js";
import { noProgress, reduceProgress } from "../../../../src/cli/run/progress.js";
import { renderStatus, type StatusOptions } from "../../../../src/cli/run/render-status.js";
import type { ThreadEvent, ThreadItem } from "../../../../src/index.js";

const at = { threadId: "t1", turnId: "u1" } as const;
const begun: ThreadEvent = { type: "turn.started", ...at };
const started = (item: ThreadItem): ThreadEvent => ({ type: "item.started", ...at, item });
const completed = (item: ThreadItem): ThreadEvent => ({ type: "item.completed", ...at, item });
const output = (delta: string, itemId = "c1"): ThreadEvent => ({
  type: "item.commandExecution.outputDelta",
  ...{ ...at, itemId, delta },
});
const command: ThreadItem = {
  type: "commandExecution",
  id: "c1",
  command: "/bin/bash -lc 'npm test'",
  status: "inProgress",
};
const message: ThreadItem = { type: "agentMessage", id: "m1", text: "" };
const counted = (inputTokens: number, outputTokens: number): ThreadEvent => {
  const last = { inputTokens, outputTokens, cachedInputTokens: 0, cacheWriteInputTokens: 0, reasoningOutputTokens: 0 };
  const both = { ...last, totalTokens: inputTokens + outputTokens };
  return {
    type: "thread.tokenUsage.updated",
    ...at,
    tokenUsage: { total: both, last: both, modelContextWindow: null },
  };
};

function status(events: readonly ThreadEvent[], options: Partial<StatusOptions> = {}): string {
  const given = { columns: 80, elapsedMs: 0, frame: 0, paint: (_colour: string, text: string) => text, ...options };
  return renderStatus(events.reduce(reduceProgress, noProgress), given);
}

describe("the status line of a run", () => {
  test("shows the activity of codex: the start, a thought, a command with its last line of output, a message", () => {
    expect(status([])).toBe("| 0:00  starting");
    expect(status([begun])).toBe("| 0:00  thinking");
    expect(status([begun, started(command)])).toBe("| 0:00  run npm test");
    expect(status([begun, started(command), output("ok 1\nok 2\nrun"), output("ning\n\n")])).toBe(
      "| 0:00  run npm test > running",
    );
    expect(status([begun, started(command), completed(command)])).toBe("| 0:00  thinking");
    const delta: ThreadEvent = { type: "item.agentMessage.delta", ...at, itemId: "m1", delta: "It is done." };
    expect(status([begun, started(message), delta])).toBe("| 0:00  say It is done.");
  });

  test("shows the latest activity and the number of others", () => {
    const tool: ThreadItem = {
      type: "mcpToolCall",
      id: "t1",
      server: "docs",
      tool: "find",
      arguments: {},
      status: "inProgress",
    };
    const said: ThreadEvent = { type: "item.mcpToolCall.progress", ...at, itemId: "t1", message: "page 3" };
    expect(status([begun, started(command), started(tool), said])).toBe("| 0:00  tool docs.find (and 1 more) > page 3");
  });

  test("shows the time, a spinner, and the tokens of the turn alone, request by request", () => {
    expect(status([begun], { elapsedMs: 61_500, frame: 1 })).toBe("/ 1:01  thinking");
    expect(status([begun], { elapsedMs: 3_725_000, frame: 6 })).toBe("- 1:02:05  thinking");
    expect(status([counted(900, 90), begun, counted(100, 20), counted(200, 5)])).toBe(
      "| 0:00  300 in, 25 out  thinking",
    );
    expect(status([begun, counted(1_250_000, 12_345)])).toBe("| 0:00  1.3M in, 12k out  thinking");
  });

  test.each([0, 1, 5, 8, 12, 20, 30, 40, 60])("is shorter than %i columns, so that it does not wrap", (columns) => {
    const long = [
      begun,
      counted(100, 20),
      started({ ...command, command: "x".repeat(300) }),
      output("世界".repeat(200)),
    ];
    const line = status(long, { columns });
    const width = line.replace(/[\u1100-\uffff]/g, "xx").length;
    expect(width).toBeLessThanOrEqual(Math.max(columns - 1, 0));
  });

  test("contains no control sequence of a command, and treats a carriage return as a new line", () => {
    const events = [
      begun,
      started({ ...command, command: "printf '\u001b[2J\n'" }),
      output("10%\r\u001b[31m20%\u0007\r"),
    ];
    expect(status(events)).toBe("| 0:00  run printf ' ' > 20%");
  });
});

test("a text is cut at its end or its beginning, by whole characters", () => {
  expect(cutToWidth("one two", 7)).toBe("one two");
  expect(cutToWidth("one two three", 9)).toBe("one tw...");
  expect(cutToWidth("one two three", 9, "end")).toBe("... three");
  expect(cutToWidth("世界世界", 7)).toBe("世界...");
  expect(cutToWidth("a👩‍👩‍👧‍👧b👩‍👩‍👧‍👧", 6)).toBe("a👩‍👩‍👧‍👧b👩‍👩‍👧‍👧");
  expect(cutToWidth("abc", 2)).toBe("ab");
  expect(cutToWidth("a\n  b", 5)).toBe("a b");
});
