import { describe, expect, it } from "vitest";
import { createRedactor } from "../../../../src/internal/secrets/redact.js";
import {
  createExecDecoder,
  decodeNotification,
  type ThreadEvent,
  toProtocolWarning,
} from "../../../../src/protocol/index.js";
import { redactEvent } from "../../../../src/transport/launch/redact-event.js";

const known = "correct-horse-battery";
const shaped = "sk-proj-abcdefgh12345678XYZ";
const redact = createRedactor([known]);
const threadId = "01a2b3c4-0000-7000-8000-000000000000";
const failure = {
  message: `Incorrect key: ${shaped}`,
  codexErrorInfo: "unauthorized",
  additionalDetails: `not ${known}`,
};
const clean = {
  message: "Incorrect key: [redacted]",
  codexErrorInfo: "unauthorized",
  additionalDetails: "not [redacted]",
};

describe("the failures that codex reports", () => {
  it("[A4.4] on app-server lose the secrets in their texts, and nothing else; `raw` is unchanged", () => {
    const turn = { id: "turn-1", items: [], itemsView: "full", status: "failed", error: failure };
    for (const [method, params, expected] of [
      ["error", { threadId, turnId: "turn-1", willRetry: true, error: failure }, { willRetry: true, error: clean }],
      ["turn/completed", { threadId, turn }, { turn: { ...turn, error: clean } }],
    ] as const) {
      const raw = JSON.stringify({ method, params });
      const event = redactEvent(asThreadEvent(decodeNotification({ method, params }, raw)), redact);
      expect(event).toMatchObject(expected);
      expect(JSON.stringify(event)).not.toMatch(/sk-proj|horse/);
      expect(event.raw).toBe(raw);
      expect(Object.keys(event)).not.toContain("raw");
    }
  });

  it("[A4.4] on exec, lose the secrets as well", () => {
    const decoder = createExecDecoder({ threadId, keepRaw: true });
    for (const line of [
      { type: "error", message: failure.message },
      { type: "turn.failed", error: { message: failure.message } },
    ]) {
      const raw = JSON.stringify(line);
      const event = redactEvent(decoder.decode(raw, false), redact);
      expect(JSON.stringify(event)).toContain(clean.message);
      expect(JSON.stringify(event)).not.toContain("sk-proj");
      expect(event.raw).toBe(raw);
    }
  });

  it("[A4.4] lose secrets in warnings, failed MCP calls and previews of bad lines", () => {
    const url = `https://me:${known}@host/mcp`;
    const item = {
      type: "mcpToolCall",
      id: "i",
      server: "s",
      tool: "t",
      status: "failed",
      arguments: {},
      error: { message: `cannot reach ${url}` },
    };
    for (const [method, params] of [
      ["configWarning", { summary: `bad value ${known}`, details: `see ${shaped}` }],
      ["warning", { threadId, message: `server at ${url}` }],
      ["mcpServer/startupStatus/updated", { threadId, name: "s", status: "failed", error: `no answer from ${url}` }],
      ["item/completed", { threadId, turnId: "turn-1", item, completedAtMs: 1 }],
    ] as const) {
      const event = redactEvent(asThreadEvent(decodeNotification({ method, params })), redact);
      expect(event.type).toBe(method.replaceAll("/", "."));
      expect(JSON.stringify(event)).not.toMatch(/sk-proj|horse/);
      expect(JSON.stringify(event)).toContain("[redacted]");
    }
    const line = `${"x".repeat(190)} ${known} and more`;
    const warning = redactEvent(toProtocolWarning("no JSON", { text: line }), redact);
    expect(warning.preview).not.toContain("corre");
    expect(warning.raw).toBe(line);
  });

  it("are the same objects if they contain no secret, as is every other event", () => {
    const decoder = createExecDecoder({ threadId });
    const said = { id: "item_0", type: "agent_message", text: failure.message };
    for (const line of [
      { type: "error", message: "no" },
      { type: "turn.failed", error: { message: "no" } },
      { type: "turn.completed" },
      { type: "item.completed", item: said },
    ]) {
      const event = decoder.decode(JSON.stringify(line), false);
      expect(redactEvent(event, redact)).toBe(event);
    }
  });
});

function asThreadEvent(event: { readonly type: string }): ThreadEvent {
  return event as ThreadEvent;
}
