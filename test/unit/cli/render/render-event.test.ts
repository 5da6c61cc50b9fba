import { toJsonLine, toPrintable } from "../../../../src/cli/render/printable.js";
import { describe, expect, test } from "vitest";
import { createEventRenderer } from "../../../../src/cli/render/render-event.js";
import { createPaint, type Paint } from "../../../../src/cli/paint.js";
import type { ThreadEvent, ThreadItem } from "../../../../src/index.js";
import { hostTool } from "../../approvals/sample-requests.js";

const at = { threadId: "t1", turnId: "u1" } as const;
const plain: Paint = (_colour, text) => text;

function render(events: readonly ThreadEvent[], paint = plain): string {
  const renderer = createEventRenderer({ paint, directory: "/demo/project" });
  return events.map(renderer).join("");
}

const completed = (item: ThreadItem): ThreadEvent => ({ type: "item.completed", ...at, item });
const started = (item: ThreadItem): ThreadEvent => ({ type: "item.started", ...at, item });
const delta = (text: string, itemId = "m1"): ThreadEvent => ({
  type: "item.agentMessage.delta",
  ...at,
  itemId,
  delta: text,
});
const thought = (text: string): ThreadEvent => ({
  type: "item.reasoning.summaryTextDelta",
  ...at,
  itemId: "r1",
  delta: text,
  summaryIndex: 0,
});
const commandItem = { type: "commandExecution", id: "c1", command: "/bin/bash -c 'node --test'" } as const;
const change = { path: "/demo/project/sum.js", kind: { type: "update" } } as const;

describe("the events of a demo as text", () => {
  test("are one line each, with streamed text, exit codes of commands and diffs of patches", () => {
    const events: ThreadEvent[] = [
      { type: "thread.started", threadId: "t1", turnId: null },
      { type: "turn.started", ...at },
      started({ type: "reasoning", id: "r1", summary: [] }),
      thought("I look"),
      thought(" first."),
      completed({ type: "reasoning", id: "r1", summary: ["I look first."] }),
      started({ ...commandItem, status: "inProgress" }),
      completed({ ...commandItem, status: "failed", exitCode: 1, durationMs: 60 }),
      completed({
        type: "fileChange",
        id: "f1",
        status: "completed",
        changes: [{ ...change, diff: "@@ -1,2 +1,2 @@\n-old\n+new\n" }],
      }),
      delta("Fixed"),
      delta(" it."),
      completed({ type: "agentMessage", id: "m1", text: "Fixed it." }),
      { type: "turn.completed", ...at, turn: { status: "completed", error: null } },
    ];
    expect(render(events)).toBe(
      [
        "thread   t1",
        "think    I look first.",
        "run      node --test",
        "exit     1 (60 ms)",
        "patch    update sum.js",
        "         @@ -1,2 +1,2 @@",
        "         -old",
        "         +new",
        "say      Fixed it.",
        "turn     completed",
        "",
      ].join("\n"),
    );
  });

  test("on exec have no deltas, diffs and durations", () => {
    const events: ThreadEvent[] = [
      completed({ type: "reasoning", id: "r1", summary: ["One.", "Two."] }),
      completed({ ...commandItem, status: "completed", exitCode: 0 }),
      completed({ type: "fileChange", id: "f1", status: "failed", changes: [change] }),
      completed({ type: "agentMessage", id: "m1", text: "Fixed it.\nReally." }),
    ];
    expect(render(events)).toBe(
      [
        "think    One.",
        "         Two.",
        "exit     0",
        "patch    update sum.js: failed",
        "say      Fixed it.",
        "         Really.",
        "",
      ].join("\n"),
    );
  });

  test("begin a new line if another event interrupts a text, and do not repeat the text", () => {
    const events: ThreadEvent[] = [
      delta("One"),
      { type: "warning", threadId: "t1", turnId: null, message: "slow" },
      delta(" two"),
      completed({ type: "agentMessage", id: "m1", text: "One two" }),
      delta("three", "m2"),
      delta("four", "m3"),
    ];
    expect(render(events)).toBe("say      One\nwarning  slow\nsay       two\nsay      three\nsay      four");
  });

  test("[R3] include the reason of a failed turn, and the cause of a retry of codex", () => {
    const events: ThreadEvent[] = [
      { type: "error", ...at, error: { message: "no more quota" } },
      {
        type: "error",
        ...at,
        error: { message: "Reconnecting... 1/5", additionalDetails: "refused" },
        willRetry: true,
      },
      { type: "turn.completed", ...at, turn: { status: "failed", error: { message: "no more quota" } } },
    ];
    expect(render(events)).toBe(
      "error    no more quota\nerror    Reconnecting... 1/5 (refused)\nturn     failed: no more quota\n",
    );
  });

  test("[K] show an invisible character as an escape: it could show a line in another order", () => {
    const name = "a\u202etxt.exe\u2066\u200b\u{e0041}";
    expect(render([started({ ...commandItem, command: name, status: "inProgress" })])).toBe(
      "run      a\\u202etxt.exe\\u2066\\u200b\\udb40\\udc41\n",
    );
    expect(toJsonLine({ name })).toBe('{"name":"a\\u202etxt.exe\\u2066\\u200b\\udb40\\udc41"}\n');
    expect(JSON.parse(toJsonLine({ name }))).toEqual({ name });
    expect(toPrintable("family \u{1f468}\u200d\u{1f469} \u05d0")).toBe("family \u{1f468}\u200d\u{1f469} \u05d0");
  });

  test("contain no control sequence of the model or of a command", () => {
    const text = render([
      delta("\u001b[2Ja\tb\u0008\r"),
      completed({ ...commandItem, command: "\u001b]0;x\u0007ls", status: "failed" }),
    ]);
    expect(text).toBe("say      a\tb\nexit     failed\n");
    expect(render([started({ ...commandItem, command: "printf '\u001b[31m'", status: "inProgress" })])).toBe(
      "run      printf ''\n",
    );
  });

  test("[A13] contain the milliseconds of a command from its times, and none that are 0 or unknown", () => {
    const end = (times: object): string =>
      render([completed({ ...commandItem, status: "completed", exitCode: 0, ...times })]);
    expect(end({ durationMs: 7.6, startedAtMs: 1_000, completedAtMs: 1_500 })).toBe("exit     0 (8 ms)\n");
    expect(end({ durationMs: 0, startedAtMs: 1_000, completedAtMs: 1_241 })).toBe("exit     0 (241 ms)\n");
    for (const times of [{ durationMs: 0, startedAtMs: 1_000, completedAtMs: 1_000 }, { durationMs: null }, {}])
      expect(end(times)).toBe("exit     0\n");
  });

  test("list each call of a host tool once, and each approval with its decider", () => {
    const call = { ...at, callId: "c1", tool: "close_ticket", namespace: null } as const;
    const approval = { ...at, approvalId: "a1", kind: "tool", itemId: "c1" } as const;
    const item = {
      type: "mcpToolCall",
      id: "i1",
      server: "codexkit",
      tool: "close_ticket",
      status: "completed",
    } as const;
    const request = hostTool("close_ticket", { arguments: { id: 7 } });
    const resolved = { type: "codexkit.approval.resolved", ...approval, ms: 1 } as const;
    const events: ThreadEvent[] = [
      { type: "codexkit.tool.started", ...call },
      { type: "codexkit.approval.requested", ...approval, request },
      { ...resolved, decision: "accept", by: "rule", reason: "it is ours" },
      { type: "codexkit.tool.completed", ...call, outcome: "success", message: null, ms: 2.4 },
      completed({ ...item, arguments: null }),
      { type: "codexkit.approval.requested", ...approval, request: { ...request, reason: "May I?" } },
      { ...resolved, decision: "decline", by: "default", reason: null },
      { type: "codexkit.tool.completed", ...call, outcome: "declined", message: "No.", ms: 3 },
    ];
    expect(render(events)).toBe(
      [
        "call     close_ticket",
        'asks     for the tool close_ticket({"id":7})',
        "decided  accept, by a rule: it is ours",
        "tool     close_ticket: success (2 ms)",
        'asks     for the tool close_ticket({"id":7}): May I?',
        "decided  decline, by codexkit, because no handler or rule decided",
        "tool     close_ticket: declined (3 ms): No.",
        "",
      ].join("\n"),
    );
  });

  test("show the command without its shell", () => {
    const command = (text: string): string =>
      render([started({ ...commandItem, command: text, status: "inProgress" })]).slice(9, -1);
    expect(command("/bin/bash -lc 'cat sum.js'")).toBe("cat sum.js");
    expect(command("/usr/bin/zsh -c 'echo '\\''a'\\'''")).toBe("echo 'a'");
    expect(command("/bin/bash -lc ls")).toBe("ls");
    expect(command('/bin/sh -c "echo \\"it\'s\\""')).toBe('echo "it\'s"');
    expect(command("git status")).toBe("git status");
  });

  test("are coloured on a terminal only", () => {
    const event = completed({ ...commandItem, status: "completed", exitCode: 0 });
    const onTerminal = createPaint({ isTTY: true, env: {} });
    expect(render([event], onTerminal)).toContain("\u001b[32m0\u001b[39m");
    expect(render([event], createPaint({ isTTY: false, env: {} }))).toBe("exit     0\n");
  });
});
