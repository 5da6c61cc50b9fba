import { describe, expect, test } from "vitest";
import { decodeNotification, encodeEvent, serverNotifications } from "../../../src/protocol/index.js";
import { notificationShapes } from "../../../src/protocol/generated/shapes.js";
import { toObject } from "./wire-fixtures.js";

const decode = (message: object) => decodeNotification(toObject(JSON.stringify(message)), JSON.stringify(message));
const delta = { threadId: "t", turnId: "u", itemId: "i", delta: "x" };
const turn = { id: "u", items: [], itemsView: "notLoaded", status: "inProgress" };

describe("a notification becomes an event", () => {
  test("its type is the method with dots, its fields are the params", () => {
    expect(decode({ method: "item/agentMessage/delta", params: delta, emittedAtMs: 5 })).toEqual({
      type: "item.agentMessage.delta",
      ...delta,
      emittedAtMs: 5,
    });
  });

  test("the ids come from the thread and the turn if the params have none", () => {
    expect(decode({ method: "turn/started", params: { threadId: "t", turn } })).toMatchObject({
      threadId: "t",
      turnId: "u",
    });
    expect(decode({ method: "account/updated", params: {} })).toMatchObject({ threadId: null, turnId: null });
  });

  test("the message is not changed", () => {
    const message = toObject(JSON.stringify({ method: "item/agentMessage/delta", params: delta }));
    const before = JSON.stringify(message);
    decodeNotification(message, before);
    expect(JSON.stringify(message)).toBe(before);
  });

  test("items in a turn are decoded too", () => {
    const params = {
      threadId: "t",
      turn: {
        ...turn,
        items: [
          { type: "new", id: "i" },
          { type: "plan", id: "j", text: "" },
        ],
      },
    };
    expect(decode({ method: "turn/completed", params })).toMatchObject({
      turn: { items: [{ type: "codexkit.unknown", itemType: "new", id: "i" }, { type: "plan" }] },
    });
  });

  test.each([
    ["another key", { method: "item/agentMessage/delta", params: { ...delta, extra: 1 }, emittedAtMs: 5 }],
    ["another key in place of one", { method: "item/agentMessage/delta", params: { ...delta, raw: "x" } }],
    ["no time", { method: "item/agentMessage/delta", params: delta }],
    ["a key in the envelope", { method: "item/agentMessage/delta", params: delta, emittedAtMs: 5, jsonrpc: "2.0" }],
    ["a time that is no number", { method: "item/agentMessage/delta", params: delta, emittedAtMs: "5" }],
  ])("a delta with %s comes back exactly", (_, message) => {
    const event = decode(message);
    expect(event).toMatchObject({ type: "item.agentMessage.delta", ...delta });
    expect(encodeEvent(event, "app-server")).toEqual(message);
  });

  test("a delta without a required field, or with one of another kind, is unknown", () => {
    for (const params of [
      { ...delta, delta: undefined },
      { ...delta, turnId: 1 },
      { ...delta, itemId: null },
    ]) {
      expect(decode({ method: "item/agentMessage/delta", params, emittedAtMs: 5 }).type).toBe("codexkit.unknown");
    }
  });

  test("every notification of the binary is known", () => {
    expect(Object.keys(notificationShapes)).toEqual(Object.keys(serverNotifications));
  });
});

describe("[A1.1] fields without a place in an event are kept beside it", () => {
  test.each([
    [
      "keys of the envelope",
      { jsonrpc: "2.0", method: "turn/started", params: { threadId: "t", turn }, emittedAtMs: "soon" },
    ],
    [
      "params that clash with the event's own fields",
      { method: "item/agentMessage/delta", params: { ...delta, type: 1, raw: 2, emittedAtMs: 3 } },
    ],
    ["an id where the method has none", { method: "turn/started", params: { threadId: "t", turn, turnId: "other" } }],
    ["no params where there may be none", { method: "skills/changed" }],
    ["no thread id where it may be missing", { method: "warning", params: { message: "m" } }],
    ["a null thread id", { method: "warning", params: { message: "m", threadId: null } }],
    [
      "an item that is none",
      { method: "turn/started", params: { threadId: "t", turn: { ...turn, items: [null, 1] } } },
    ],
    ["a method like an object's own", { method: "constructor", params: { a: 1 } }],
  ])("%s", (_, message) => {
    expect(encodeEvent(decode(message), "app-server")).toEqual(message);
  });

  test("the event's own fields are still right", () => {
    const event = decode({ method: "turn/started", params: { threadId: "t", turn, turnId: "other", type: "x" } });
    expect(event).toMatchObject({ type: "turn.started", turnId: "u" });
  });
});

describe("unreadable lines are kept whole", () => {
  test.each([
    ["an unknown method", { method: "new/thing", params: { threadId: "t", turnId: "u", a: 1 } }, undefined],
    ["an unknown method without params", { method: "new/thing" }, undefined],
    [
      "a missing field",
      { method: "item/agentMessage/delta", params: { threadId: "t", turnId: "u" } },
      "delta is missing",
    ],
    [
      "a wrong kind",
      { method: "item/agentMessage/delta", params: { ...delta, delta: 1 } },
      "delta is of the wrong kind",
    ],
    [
      "a wrong kind inside",
      { method: "turn/started", params: { threadId: "t", turn: { ...turn, id: 1 } } },
      "turn.id is of the wrong kind",
    ],
    ["params of another kind", { method: "turn/started", params: [1] }, "params is not an object"],
  ])("%s", (_, message: { method: string; params?: unknown }, problem) => {
    const event = decode(message);
    expect(event).toMatchObject({ type: "codexkit.unknown", method: message.method });
    expect(Reflect.get(event, "problem")).toBe(problem);
    expect(Reflect.get(event, "params")).toEqual(message.params);
  });

  test("a message without a method is a protocol warning", () => {
    expect(decode({ params: {} })).toMatchObject({
      type: "codexkit.protocolWarning",
      threadId: null,
      preview: '{"params":{}}',
    });
  });
});
