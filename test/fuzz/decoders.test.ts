import fc from "fast-check";
import { describe, expect } from "vitest";
import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../src/internal/json.js";
import {
  clientMethods,
  createExecDecoder,
  decodeItem,
  decodeNotification,
  decodeResult,
  decodeServerRequest,
  encodeEvent,
  isClientMethod,
  isServerRequestMethod,
  refuseServerRequest,
  type ServerEvent,
  type ThreadEvent,
  type Wire,
} from "../../src/protocol/index.js";
import { encodeItem } from "../../src/protocol/items/decode-item.js";
import { createTurnSummary, reduceTurn, toPartialResult } from "../../src/thread/turn/reduce-turn.js";
import { canonical, readResults, readServerRequests } from "../unit/protocol/wire-fixtures.js";
import { fuzz } from "./fuzz.js";
import { anyValue, mutated, mutatedText, realLines } from "./mutations.js";

const lines = { exec: realLines("exec"), "app-server": realLines("app-server") };

describe("[A1.1] decoding", () => {
  fuzz(
    "exec: a mutated line is one event, whose encoding is the line",
    1_500,
    fc.property(mutated(lines.exec), (message) => survives("exec", message)),
  );

  fuzz(
    "app-server: a mutated notification is one event, whose encoding is the notification",
    1_500,
    fc.property(mutated(notifications()), (message) => survives("app-server", message)),
  );

  fuzz(
    "exec: any text is one event, and the decoder continues after it",
    1_500,
    fc.property(mutatedText(lines.exec), fc.boolean(), (text, truncated) => {
      const decoder = createExecDecoder({ keepRaw: true });
      const event = decoder.decode(text, truncated);
      isWellFormed(event, text);
      const message = truncated ? undefined : parseJson(text);
      if (isJsonObject(message) && typeof message["type"] === "string") {
        expect(canonical(encodeEvent(event, "exec"))).toBe(canonical(message));
      } else expect(event.type).toBe("codexkit.protocolWarning");
      expect(decoder.decode('{"type":"turn.started"}').type).toBe("turn.started");
    }),
  );

  fuzz(
    "an item of any shape is decoded as an item, whose encoding is the original",
    1_500,
    fc.property(fc.oneof(mutated(items()), anyValue), (item) => {
      expect(typeof decodeItem(item).type).toBe("string");
      expect(canonical(encodeItem(JSON.parse(JSON.stringify(decodeItem(item))) as JsonValue))).toBe(canonical(item));
    }),
  );

  fuzz(
    "a result of any shape is a value or a problem",
    800,
    fc.property(mutated(results()), ({ method, result }) => {
      if (typeof method !== "string" || !isClientMethod(method)) return;
      const decoded = decodeResult(method, result);
      if (!decoded.ok) expect(decoded.problem).toContain(method);
    }),
  );

  fuzz(
    "a server request of any shape has params or a problem, and a refusal",
    800,
    fc.property(mutated(readServerRequests()), ({ method, params }) => {
      const name = typeof method === "string" ? method : "none";
      if (isServerRequestMethod(name)) expect(typeof decodeServerRequest(name, params).ok).toBe("boolean");
      expect(refuseServerRequest(name)).toMatchObject({ kind: expect.stringMatching(/^(result|error)$/) as string });
    }),
  );

  fuzz(
    "the events of mutated lines are folded to a result that is plain data",
    300,
    fc.property(
      fc.array(mutated(lines.exec), { maxLength: 12 }),
      fc.array(mutated(notifications()), { maxLength: 12 }),
      (exec, server) => {
        const decoder = createExecDecoder();
        const events = [
          ...exec.map((message) => decoder.decode(JSON.stringify(message))),
          ...server.map((message) => decodeNotification(message, JSON.stringify(message))).filter(ofThread),
        ];
        const summary = events.reduce(reduceTurn, createTurnSummary(null));
        const result = toPartialResult(summary, { baseline: "none", durationMs: 0 });
        expect(JSON.parse(JSON.stringify(result))).toMatchObject({ status: result.status, durationMs: 0 });
      },
    ),
  );
});

function notifications(): JsonObject[] {
  return lines["app-server"].filter(({ id, method }) => id === undefined && method !== undefined);
}

function items(): JsonObject[] {
  const carried = notifications().map(({ params }) => (isJsonObject(params) ? params["item"] : undefined));
  return carried.filter(isJsonObject);
}

/** Of every method, also those that no fixture has an answer to. */
function results(): JsonObject[] {
  return [
    ...readResults(),
    ...Object.keys(clientMethods).map((method) => ({ method, result: { data: [], thread: {} } })),
  ];
}

function ofThread(event: ServerEvent): event is ThreadEvent {
  return event.threadId !== null;
}

function survives(wire: Wire, message: JsonObject): void {
  const text = JSON.stringify(message);
  // As the line is read: text to value, which is the only form a decoder sees.
  const read = parseJson(text);
  if (!isJsonObject(read)) throw new Error("no object");
  const event = wire === "exec" ? createExecDecoder({ keepRaw: true }).decode(text) : decodeNotification(read, text);
  isWellFormed(event, text);
  if (typeof read[wire === "exec" ? "type" : "method"] !== "string") {
    expect(event.type).toBe("codexkit.protocolWarning");
    return;
  }
  expect(canonical(encodeEvent(event, wire))).toBe(canonical(read));
  const stored = JSON.parse(JSON.stringify(event)) as ServerEvent;
  expect(canonical(encodeEvent(stored, wire))).toBe(canonical(read));
}

function isWellFormed(event: ServerEvent | ThreadEvent, text: string): void {
  expect(typeof event.type).toBe("string");
  expect(event.threadId === null || typeof event.threadId === "string").toBe(true);
  expect(event.turnId === null || typeof event.turnId === "string").toBe(true);
  expect("raw" in event && event.raw).toBe(text);
  expect("polluted" in {}).toBe(false);
}
