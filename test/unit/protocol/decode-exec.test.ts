import { describe, expect, test } from "vitest";
import { isJsonObject } from "../../../src/internal/json.js";
import { compileShape } from "../../../src/protocol/shapes/check-shape.js";
import { execEventShapes, execItems, execUsageKeys } from "../../../src/protocol/exec/exec-wire.js";
import { createExecDecoder, encodeEvent } from "../../../src/protocol/index.js";
import { decodeFixture, readWireFixtures, textOf, toObject } from "./wire-fixtures.js";
import { supportedVersions } from "../../../src/protocol/index.js";

const events = (name: string) => {
  const fixture = readWireFixtures().find((candidate) => candidate.name === `${supportedVersions.newest}/exec/${name}`);
  if (fixture === undefined) throw new Error(`no fixture ${name}`);
  return decodeFixture(fixture).map(({ event }) => event);
};
const decodeLine = (line: object) => createExecDecoder({ threadId: "t" }).decode(JSON.stringify(line));

describe("a line of exec becomes the app-server's event", () => {
  test("the thread's id is sent once and is on every event", () => {
    const [started, ...rest] = events("command");
    expect(started).toEqual({ type: "thread.started", threadId: started?.threadId, turnId: null });
    expect(started?.threadId).toMatch(/^[0-9a-f-]{36}$/);
    for (const event of rest) expect(event).toMatchObject({ threadId: started?.threadId, turnId: null });
  });

  test("before the thread is named, events carry the resumed thread's id, or an empty one", () => {
    expect(decodeLine({ type: "turn.started" }).threadId).toBe("t");
    expect(createExecDecoder().decode('{"type":"turn.started"}').threadId).toBe("");
  });

  test("a turn's usage has the domain's names", () => {
    expect(events("text").at(-1)).toMatchObject({
      type: "turn.completed",
      turn: { status: "completed" },
      usage: {
        inputTokens: 100,
        cachedInputTokens: 40,
        cacheWriteInputTokens: 0,
        outputTokens: 20,
        reasoningOutputTokens: 6,
      },
    });
  });

  test("a failed turn is a completed one of status failed, and the error before it is an event of its own", () => {
    const [error, end] = events("failure-400").slice(-2);
    const message =
      '{"error":{"code":"bad_request","type":"invalid_request_error","message":"The service says bad_request."}}';
    expect(error).toEqual({ type: "error", threadId: error?.threadId, turnId: null, error: { message } });
    expect(end).toMatchObject({ type: "turn.completed", turn: { status: "failed", error: { message } } });
  });

  test.each([
    ["Reconnecting... 1/5 (exceeded (x))", { message: "Reconnecting... 1/5", additionalDetails: "exceeded (x)" }],
    ["Reconnecting... waiting for network", { message: "Reconnecting... waiting for network" }],
  ])("[R3] a retry of codex has the same form as on the app-server: %s", (message, error) => {
    const event = createExecDecoder().decode(JSON.stringify({ type: "error", message }));
    expect(event).toMatchObject({ type: "error", error, willRetry: true });
    expect(encodeEvent(event, "exec")).toEqual({ type: "error", message });
  });

  test.each([
    [
      "command",
      {
        type: "commandExecution",
        command: "/bin/bash -lc 'echo hi'",
        aggregatedOutput: "hi\n",
        exitCode: 0,
        status: "completed",
      },
    ],
    ["failing-command", { type: "commandExecution", exitCode: 3, status: "failed" }],
    [
      "file-change",
      { type: "fileChange", status: "inProgress", changes: [{ path: "/work-tree/a.txt", kind: { type: "add" } }] },
    ],
    ["reasoning", { type: "reasoning", summary: ["**One** first\n**Two** then"] }],
    [
      "plan",
      {
        type: "todoList",
        items: [
          { text: "look", completed: true },
          { text: "act", completed: false },
        ],
      },
    ],
    ["web-search", { type: "webSearch", id: "ws_2", action: { type: "openPage", url: "https://example.com" } }],
    [
      "mcp",
      {
        type: "mcpToolCall",
        server: "tiny",
        tool: "add",
        result: { content: [{ type: "text", text: "3" }], structuredContent: { sum: 3 } },
        status: "completed",
      },
    ],
    ["sub-agent", { type: "collabAgentToolCall", tool: "spawnAgent", prompt: "Look around", status: "inProgress" }],
    ["unknown-model", { type: "error", id: "item_0" }],
  ])("%s: its item is the domain's", (name, item) => {
    const items = events(name).flatMap((event) => ("item" in event ? [event.item] : []));
    expect(items).toContainEqual(expect.objectContaining(item));
  });

  test("an agent's status has the domain's spelling", () => {
    const states = events("sub-agent").flatMap((event) =>
      event.type === "item.completed" && event.item.type === "collabAgentToolCall"
        ? Object.values(event.item.agentsStates)
        : [],
    );
    expect(states).toEqual([
      { status: "pendingInit", message: null },
      { status: "completed", message: "Nothing there." },
    ]);
  });
});

describe("the end of a turn", () => {
  const counts = { input_tokens: 1, cached_input_tokens: 0, output_tokens: 1 };
  test.each([
    ["null", { type: "turn.completed", usage: null }],
    ["missing", { type: "turn.completed" }],
    ["of an older codex", { type: "turn.completed", usage: counts }],
    ["of another kind", { type: "turn.completed", usage: "42", extra: true }],
    ["null, of a failed turn", { type: "turn.failed", error: { message: "no" }, usage: null }],
  ])("[A1.9] with a usage that is %s is an end without usage, and the line comes back whole", (_, line) => {
    const event = decodeLine(line);
    expect(event).toMatchObject({ type: "turn.completed" });
    expect(event).not.toHaveProperty("usage");
    expect(encodeEvent(event, "exec")).toEqual(line);
  });
});

describe("a line that cannot be read", () => {
  test.each([["null"], ["[]"], ["1"], ["not json"], [""], ["{}"], ['{"type":1}']])(
    "%s is a protocol warning",
    (text) => {
      expect(createExecDecoder({ threadId: "t" }).decode(text)).toMatchObject({
        type: "codexkit.protocolWarning",
        threadId: "t",
        turnId: null,
        preview: text,
        truncated: false,
      });
    },
  );

  test("has a preview of at most 200 characters, and never half a character", () => {
    const event = createExecDecoder().decode(`${"x".repeat(199)}😀 and more`, true);
    expect(event).toMatchObject({ preview: "x".repeat(199), truncated: true });
  });

  test("of a known type is kept whole as an unknown event, with the problem", () => {
    expect(decodeLine({ type: "turn.failed", error: { code: 1 } })).toEqual({
      type: "codexkit.unknown",
      threadId: "t",
      turnId: null,
      method: "turn.failed",
      params: { error: { code: 1 } },
      problem: "error.message is missing",
    });
  });

  test("with an item whose kind of change is no text is an unknown item, with the problem", () => {
    const item = {
      id: "i",
      type: "file_change",
      status: "completed",
      changes: [{ path: "/a", kind: { type: "add" } }],
    };
    expect(decodeLine({ type: "item.completed", item })).toMatchObject({
      item: {
        type: "codexkit.unknown",
        id: "i",
        itemType: "file_change",
        item,
        problem: "changes: kind is of the wrong kind",
      },
    });
  });

  test("with both spellings of one key loses neither", () => {
    const line = {
      type: "item.completed",
      item: { id: "i", type: "command_execution", command: "x", status: "inProgress", exit_code: 1, exitCode: 2 },
    };
    const event = decodeLine(line);
    expect(event).toMatchObject({ item: { exitCode: 1, exit_code: 2, status: "in_progress" } });
    expect(encodeEvent(event, "exec")).toEqual(line);
  });
});

const eventShapes: Readonly<Record<string, string>> = execEventShapes;

test("every event type, item type and key that the binary wrote is in the checked-in list", () => {
  const keysOf = (shape: string): string[] => ["type", ...compileShape(shape).map(({ key }) => key)];
  for (const line of readWireFixtures()
    .filter(({ wire }) => wire === "exec")
    .flatMap(({ lines }) => lines)
    .map(toObject)) {
    const type = textOf(line, "type");
    expect(keysOf(eventShapes[type] ?? "no such type")).toEqual(expect.arrayContaining(Object.keys(line)));
    const { item, usage } = line;
    if (isJsonObject(item)) {
      const known = execItems[textOf(item, "type")];
      expect(keysOf(known?.shape ?? "")).toEqual(expect.arrayContaining(Object.keys(item)));
    }
    if (isJsonObject(usage)) expect(Object.keys(usage)).toEqual(Object.keys(execUsageKeys));
  }
});
