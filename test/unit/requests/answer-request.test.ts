import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import { readProtocolSource } from "../../../scripts/generate/protocol-source.js";
import { readMethods } from "../../../scripts/generate/read-methods.js";
import type { ApprovalDecision, ApprovalHandler } from "../../../src/approvals/approval-decision.js";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import { createApprover } from "../../../src/approvals/approver.js";
import { InterruptionRegistry } from "../../../src/approvals/interruptions.js";
import type { CodexError } from "../../../src/errors/codex-error.js";
import { isJsonObject, type JsonValue } from "../../../src/internal/json.js";
import { refuseServerRequest, serverRequests, type ThreadEvent, type ThreadItem } from "../../../src/protocol/index.js";
import { answerRequest } from "../../../src/requests/answer-request.js";
import { DecisionWatch } from "../../../src/requests/decision-watch.js";
import { splitCommand } from "../../../src/approvals/rules/split-command.js";

const source = readProtocolSource(
  fileURLToPath(new URL("../../../.tmp/test-protocol-source/answers", import.meta.url)),
);
const resultOf = new Map(readMethods(source).server.map(({ name, result }) => [name, result]));

const ids = { threadId: "t1", turnId: "u1", itemId: "i1", startedAtMs: 5 };
const legacy = { conversationId: "t1", callId: "i1", reason: "why" };
const schema = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
const ofTool = { codex_approval_kind: "mcp_tool_call", tool_name: "add", tool_params: { a: 1 } };

/** Params as the binary sends them, valid by its schema. */
const asks = {
  command: {
    method: "item/commandExecution/requestApproval",
    params: {
      ...ids,
      kind: "command",
      environmentId: "local",
      reason: "May I?",
      command: "/bin/bash -lc 'touch x'",
      cwd: "/work",
      commandActions: [{ type: "unknown", command: "touch x" }],
      proposedExecpolicyAmendment: ["touch", "x"],
    },
  },
  fileChange: { method: "item/fileChange/requestApproval", params: { ...ids, reason: null, grantRoot: null } },
  permissions: {
    method: "item/permissions/requestApproval",
    params: {
      ...ids,
      environmentId: null,
      cwd: "/work",
      reason: null,
      permissions: { network: { enabled: true }, fileSystem: null },
    },
  },
  mcpTool: {
    method: "mcpServer/elicitation/request",
    params: {
      threadId: "t1",
      turnId: "u1",
      serverName: "s",
      mode: "form",
      _meta: ofTool,
      message: "Allow?",
      requestedSchema: { type: "object", properties: {} },
    },
  },
  elicitation: {
    method: "mcpServer/elicitation/request",
    params: {
      threadId: "t1",
      turnId: null,
      serverName: "s",
      mode: "form",
      _meta: null,
      message: "?",
      requestedSchema: schema,
    },
  },
  userInput: {
    method: "item/tool/requestUserInput",
    params: {
      ...ids,
      isBlocking: true,
      autoResolutionMs: null,
      questions: [
        {
          id: "q",
          header: "H",
          question: "Q?",
          isOther: false,
          isSecret: true,
          options: [{ label: "A", description: "a" }],
        },
      ],
    },
  },
  legacyCommand: {
    method: "execCommandApproval",
    params: { ...legacy, approvalId: null, command: ["bash", "-lc", "echo 'a b'"], cwd: "/work", parsedCmd: [] },
  },
  legacyPatch: {
    method: "applyPatchApproval",
    params: {
      ...legacy,
      grantRoot: null,
      fileChanges: {
        "/work/a": { type: "add", content: "x" },
        "/work/b": { type: "update", unified_diff: "d", move_path: "/work/c" },
      },
    },
  },
} as const satisfies Record<string, { readonly method: string; readonly params: JsonValue }>;

interface Ask {
  readonly method: string;
  readonly params: JsonValue;
}

const patch: ThreadItem = {
  type: "fileChange",
  id: "i1",
  status: "inProgress",
  changes: [{ path: "/work/a", kind: { type: "add" }, diff: "x\n" }],
};

const mcpCall: ThreadItem = {
  type: "mcpToolCall",
  id: "i2",
  server: "s",
  tool: "add",
  arguments: { a: 1 },
  status: "inProgress",
};

async function answer({ method, params }: Ask, onApproval: ApprovalHandler | null, item: ThreadItem = patch) {
  const events: ThreadEvent[] = [];
  const stops: (CodexError | null)[] = [];
  const approver = createApprover({ onApproval, interruptions: new InterruptionRegistry() });
  const decisions = new DecisionWatch();
  decisions.observe({ type: "item.started", threadId: "t1", turnId: "u1", item: mcpCall });
  const sent = await answerRequest(
    { id: 7, method, params, threadId: "t1" },
    {
      decisions,
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
      item: (id) => (id === "i1" ? item : null),
      stop: (error) => stops.push(error),
      context: undefined,
      attempt: 1,
      workingDirectory: "/work",
    },
    { tools: null, approver, context: null, logger: null },
  );
  if (sent.kind === "result") {
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const shape = source.standalone.get(resultOf.get(method) ?? "") ?? false;
    expect(ajv.validate(shape, sent.result), `${method} ${ajv.errorsText()}`).toBe(true);
  }
  return { sent, events, stops, types: events.map(({ type }) => type) };
}

const result = (value: JsonValue) => ({ kind: "result", result: value });
const no = { action: "decline", content: null, _meta: null };
const amend = { acceptWithExecpolicyAmendment: { execpolicy_amendment: ["touch", "x"] } };

const table: readonly (readonly [keyof typeof asks, ApprovalDecision, JsonValue, boolean])[] = [
  ["command", { decision: "accept" }, { decision: "accept" }, false],
  ["command", { decision: "acceptForSession" }, { decision: "acceptForSession" }, false],
  ["command", { decision: "acceptWithPolicyAmendment" }, { decision: amend }, false],
  ["command", { decision: "decline" }, { decision: "decline" }, false],
  ["command", { decision: "cancel" }, { decision: "cancel" }, false],
  ["fileChange", { decision: "accept" }, { decision: "accept" }, false],
  ["fileChange", { decision: "acceptForSession" }, { decision: "acceptForSession" }, false],
  ["fileChange", { decision: "decline", reason: "no" }, { decision: "decline" }, false],
  ["fileChange", { decision: "cancel" }, { decision: "cancel" }, false],
  ["permissions", { decision: "accept" }, { permissions: { network: { enabled: true } }, scope: "turn" }, false],
  ["permissions", { decision: "accept", permissions: {} }, { permissions: {}, scope: "turn" }, false],
  [
    "permissions",
    { decision: "acceptForSession" },
    { permissions: { network: { enabled: true } }, scope: "session" },
    false,
  ],
  ["permissions", { decision: "decline" }, { permissions: {}, scope: "turn" }, false],
  ["permissions", { decision: "cancel" }, { permissions: {}, scope: "turn" }, true],
  ["mcpTool", { decision: "accept" }, { action: "accept", content: {}, _meta: null }, false],
  [
    "mcpTool",
    { decision: "acceptForSession" },
    { action: "accept", content: {}, _meta: { persist: "session" } },
    false,
  ],
  ["mcpTool", { decision: "decline" }, no, false],
  ["mcpTool", { decision: "cancel" }, { ...no, action: "cancel" }, true],
  [
    "elicitation",
    { decision: "accept", content: { name: "x" } },
    { action: "accept", content: { name: "x" }, _meta: null },
    false,
  ],
  ["elicitation", { decision: "accept", content: { name: 1 } }, no, false],
  ["elicitation", { decision: "decline" }, no, false],
  ["elicitation", { decision: "cancel" }, { ...no, action: "cancel" }, true],
  ["userInput", { decision: "answer", answers: { q: "A" } }, { answers: { q: { answers: ["A"] } } }, false],
  ["userInput", { decision: "answer", answers: { z: "A" } }, { answers: {} }, false],
  ["userInput", { decision: "decline" }, { answers: {} }, false],
  ["userInput", { decision: "cancel" }, { answers: {} }, true],
  ["legacyCommand", { decision: "accept" }, { decision: "approved" }, false],
  ["legacyCommand", { decision: "acceptForSession" }, { decision: "approved_for_session" }, false],
  ["legacyCommand", { decision: "decline", reason: "no" }, { decision: { denied: { rejection: "no" } } }, false],
  ["legacyPatch", { decision: "cancel" }, { decision: "abort" }, false],
];

describe("a decision", () => {
  test.each(table)("[A2.5] on %s: %j has the form of its method", async (name, decision, expected, stops) => {
    const answered = await answer(asks[name], () => decision);
    expect(answered.sent).toEqual(result(expected));
    expect(answered.stops).toEqual(stops ? [null] : []);
    expect(answered.types).toEqual(["codexkit.approval.requested", "codexkit.approval.resolved"]);
  });

  test.each(Object.keys(asks) as (keyof typeof asks)[])(
    "[A2.6] %s is refused without an approval handler, with three events",
    async (name) => {
      const { sent, types, stops } = await answer(asks[name], null);
      expect(JSON.stringify(sent)).not.toMatch(/"(?:accept|approved|session)/);
      expect(types).toEqual(["codexkit.approval.requested", "codexkit.approval.resolved", "codexkit.request.refused"]);
      expect(stops).toEqual([]);
    },
  );
});

describe("an approval request", () => {
  const read = async (ask: Ask): Promise<ApprovalRequest | undefined> => {
    let seen: ApprovalRequest | undefined;
    await answer(ask, (request) => {
      seen = request;
      return { decision: "decline" };
    });
    return seen;
  };

  test("[A2.5] has one form for each kind", async () => {
    const command = await read(asks.command);
    expect(command).toEqual({
      id: command?.id,
      kind: "command",
      threadId: "t1",
      turnId: "u1",
      itemId: "i1",
      reason: "May I?",
      requestedAt: 5,
      command: "/bin/bash -lc 'touch x'",
      actions: [{ type: "unknown", command: "touch x" }],
      workingDirectory: "/work",
      threadDirectory: "/work",
      action: "command",
      network: null,
      additionalPermissions: null,
      proposedAmendment: ["touch", "x"],
      proposedBy: "codex",
    });
    expect(await read(asks.fileChange)).toMatchObject({ changes: patch.changes, workingDirectory: "/work" });
    expect(await read(asks.permissions)).toMatchObject({ kind: "permissions", workingDirectory: "/work" });
    expect(await read(asks.mcpTool)).toMatchObject({ kind: "mcpTool", server: "s", tool: "add", arguments: { a: 1 } });
    expect(await read(asks.elicitation)).toMatchObject({ kind: "elicitation", mode: "form", schema, turnId: null });
    expect(await read(asks.userInput)).toMatchObject({
      questions: [{ id: "q", isSecret: true, options: [{ label: "A" }] }],
    });
    const old = await read(asks.legacyCommand);
    expect(old?.kind === "command" && splitCommand(old.command)).toEqual(["echo", "a b"]);
    expect(await read(asks.legacyPatch)).toMatchObject({
      kind: "fileChange",
      itemId: "i1",
      changes: [{ path: "/work/a" }, { path: "/work/b", kind: { move_path: "/work/c" }, diff: "d" }],
    });
  });

  test("[A2.5] stays an elicitation if a server disguises its form as the call of a tool", async () => {
    const { params } = asks.mcpTool;
    for (const more of [
      { requestedSchema: schema },
      { requestedSchema: null },
      { mode: "url", url: "https://x.example" },
    ])
      expect(await read({ ...asks.mcpTool, params: { ...params, ...more } })).toMatchObject({ kind: "elicitation" });
  });

  test("[T9] stays an elicitation if no call of that tool with those arguments runs", async () => {
    const { params } = asks.mcpTool;
    for (const more of [
      { serverName: "other" },
      { _meta: { ...ofTool, tool_name: "wipe" } },
      { _meta: { ...ofTool, tool_params: { a: 2 } } },
    ])
      expect(await read({ ...asks.mcpTool, params: { ...params, ...more } })).toMatchObject({ kind: "elicitation" });
    expect(await read(asks.mcpTool)).toMatchObject({ kind: "mcpTool", itemId: "i2" });
  });

  test("[A2.5] does not contain the changes of an item that has ended", async () => {
    const done: ThreadItem = { ...patch, status: "completed" };
    let seen: ApprovalRequest | undefined;
    const handler: ApprovalHandler = (request) => {
      seen = request;
      return { decision: "decline" };
    };
    await answer(asks.fileChange, handler, done);
    expect(seen).toMatchObject({ kind: "fileChange", changes: [] });
  });

  test("[A2.5] has a new id each time", async () => {
    const seen = [await read(asks.command), await read(asks.command)].map((request) => request?.id);
    expect(new Set(seen).size).toBe(2);
  });

  test("[A2.5] omits parts of the wrong type", async () => {
    const params = {
      ...asks.command.params,
      kind: "later",
      command: 5,
      commandActions: [1],
      proposedExecpolicyAmendment: ["x", 1],
    };
    expect(await read({ ...asks.command, params })).toMatchObject({
      command: "",
      actions: [],
      action: "writeStdin",
      proposedAmendment: null,
    });
  });
});

describe("[A2.6] every server request", () => {
  const methods = [...Object.keys(serverRequests), "item/something/new", "constructor", "__proto__"];
  const bad: readonly JsonValue[] = [null, 1, "x", [], {}, { threadId: "t1", turnId: "u1", conversationId: "t1" }];

  test.each(methods)("has a valid answer that grants nothing if its params are invalid: %s", async (method) => {
    for (const params of bad) {
      const { sent, types } = await answer({ method, params }, () => ({ decision: "accept" }));
      if (method === "currentTime/read") continue;
      expect(sent).toEqual(refuseServerRequest(method));
      expect(types).toEqual(["codexkit.request.refused"]);
    }
  });

  test("for the time is answered with this machine's clock, in whole seconds", async () => {
    const before = Math.floor(Date.now() / 1000);
    const { sent, types } = await answer({ method: "currentTime/read", params: { threadId: "t1" } }, null);
    const time = sent.kind === "result" && isJsonObject(sent.result) ? sent.result["currentTimeAt"] : undefined;
    expect(Number.isInteger(time) && Number(time) >= before).toBe(true);
    expect(types).toEqual([]);
  });

  test("with a malformed question is refused as a whole", async () => {
    const { params } = asks.userInput;
    for (const questions of [[], [1], [{ id: "q" }], [...params.questions, ...params.questions]]) {
      const { types } = await answer({ ...asks.userInput, params: { ...params, questions } }, () => ({
        decision: "cancel",
      }));
      expect(types).toEqual(["codexkit.request.refused"]);
    }
    const unnamed = {
      ...asks.mcpTool,
      params: { ...asks.mcpTool.params, _meta: { codex_approval_kind: "mcp_tool_call" } },
    };
    expect((await answer(unnamed, () => ({ decision: "accept" }))).types).toEqual(["codexkit.request.refused"]);
  });
});
