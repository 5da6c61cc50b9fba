import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import { createExecDecoder, decodeNotification, encodeEvent, type Wire } from "../../../src/protocol/index.js";
import { canonical, cloneByJson, readWireFixtures, toObject } from "./wire-fixtures.js";

const linesOf = (wire: Wire): JsonObject[] => {
  const seen = new Map<string, JsonObject>();
  for (const fixture of readWireFixtures().filter((candidate) => candidate.wire === wire)) {
    for (const message of fixture.lines.map(toObject)) {
      const { method, type, params, item } = message;
      const inner = isJsonObject(params) ? params["item"] : item;
      const kind = isJsonObject(inner) ? inner["type"] : "";
      if (message["id"] === undefined) seen.set(canonical([method ?? type ?? null, kind ?? null]), message);
    }
  }
  return [...seen.values()];
};

const decode = (wire: Wire, message: JsonObject) => {
  const line = JSON.stringify(message);
  return wire === "exec" ? createExecDecoder().decode(line) : decodeNotification(toObject(line), line);
};

/** Names that mean something to the decoders, beside arbitrary ones. */
const key = fc.oneof(
  fc.string(),
  fc.constantFrom(
    ...[
      "type",
      "threadId",
      "turnId",
      "emittedAtMs",
      "raw",
      "codexkit.wire",
      "thread",
      "turn",
      "error",
      "usage",
      "item",
      "willRetry",
    ],
    ...["method", "params", "jsonrpc", "text", "summary", "status", "kind", "exitCode", "exit_code", "inputTokens"],
    ...["thread_id", "message", "action", "agents_states", "agentsStates", "__proto__", "constructor", "toString"],
  ),
);
const value: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.jsonValue().map((json) => cloneByJson(json) as JsonValue),
  fc.constantFrom<JsonValue>("inProgress", "in_progress", "someday", null, {}, [], { type: "add" }, "codexkit.unknown"),
  fc.constantFrom("Reconnecting... 1/5", "Reconnecting... 1/5 (the (cause))", "Reconnecting...  ()"),
);

/** Calls `change` on one object somewhere in the value; `pick` chooses which. */
function changeSomewhere(root: JsonObject, pick: number, change: (node: JsonObject) => JsonObject): JsonObject {
  const paths: string[][] = [];
  const visit = (node: unknown, path: string[]): void => {
    if (typeof node !== "object" || node === null) return;
    if (!Array.isArray(node)) paths.push(path);
    for (const [name, child] of Object.entries(node)) visit(child, [...path, name]);
  };
  visit(root, []);
  const target = paths[pick % paths.length] ?? [];
  const rebuild = (node: JsonValue, path: readonly string[]): JsonValue => {
    const [head, ...rest] = path;
    if (head === undefined) return isJsonObject(node) ? change(node) : node;
    if (Array.isArray(node))
      return node.map((child: JsonValue, index) => (String(index) === head ? rebuild(child, rest) : child));
    if (!isJsonObject(node)) return node;
    return Object.fromEntries(
      Object.entries(node).map(([name, child = null]) => [name, name === head ? rebuild(child, rest) : child]),
    );
  };
  const rebuilt = rebuild(root, target);
  return isJsonObject(rebuilt) ? rebuilt : root;
}

describe.each<Wire>(["app-server", "exec"])("[A1.1] on the %s wire", (wire) => {
  const line = fc.constantFrom(...linesOf(wire));
  const discriminant = wire === "exec" ? "type" : "method";

  const survives = (message: JsonObject): void => {
    const event = decode(wire, message);
    if (typeof message[discriminant] !== "string") {
      expect(event.type).toBe("codexkit.protocolWarning");
      return;
    }
    expect(canonical(encodeEvent(event, wire))).toBe(canonical(message));
    expect(canonical(encodeEvent(cloneByJson(event), wire))).toBe(canonical(message));
    expect(event.turnId === null || typeof event.turnId === "string").toBe(true);
    expect(event.threadId === null || typeof event.threadId === "string").toBe(true);
  };

  test("an extra or changed field anywhere in a line survives", () => {
    fc.assert(
      fc.property(line, fc.nat(), key, value, (message, pick, name, extra) =>
        survives(changeSomewhere(message, pick, (node) => ({ ...node, [name]: extra }))),
      ),
      { numRuns: 3000 },
    );
  });

  test("a field missing anywhere in a line breaks nothing, and the rest survives", () => {
    fc.assert(
      fc.property(line, fc.nat(), fc.nat(), (message, pick, which) =>
        survives(
          changeSomewhere(message, pick, (node) => {
            const entries = Object.entries(node);
            return Object.fromEntries(entries.filter((_, index) => index !== which % entries.length));
          }),
        ),
      ),
      { numRuns: 1000 },
    );
  });

  test("a known field of any other value survives", () => {
    fc.assert(
      fc.property(line, fc.nat(), fc.nat(), value, (message, pick, which, other) =>
        survives(
          changeSomewhere(message, pick, (node) => {
            const entries = Object.entries(node);
            return Object.fromEntries(
              entries.map(([name, old], index) => [name, index === which % entries.length ? other : old]),
            );
          }),
        ),
      ),
      { numRuns: 3000 },
    );
  });

  test("an unknown event with any content survives, and is marked as unknown", () => {
    fc.assert(
      fc.property(fc.string(), fc.dictionary(key, value), (name, fields) => {
        const method = `new/${name}`;
        const message = wire === "exec" ? { ...fields, type: method } : { method, params: fields };
        survives(message);
        expect(decode(wire, message)).toMatchObject({ type: "codexkit.unknown", method });
      }),
    );
  });

  test("an unknown item with any content survives, and is marked as unknown", () => {
    const carrier = linesOf(wire).find(
      (message) => message[discriminant] === (wire === "exec" ? "item.completed" : "item/completed"),
    );
    fc.assert(
      fc.property(fc.dictionary(key, value), (fields) => {
        const item = { ...fields, type: "brandNew" };
        const params = carrier?.["params"];
        const message =
          wire === "exec"
            ? { ...carrier, item }
            : { ...carrier, params: { ...(isJsonObject(params) ? params : {}), item } };
        survives(message);
        expect(decode(wire, message)).toMatchObject({ item: { type: "codexkit.unknown", itemType: "brandNew" } });
      }),
    );
  });

  test("no text at all makes decoding throw", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constantFrom("null", "[]", "1", "", "{}")), (text) => {
        expect(() => createExecDecoder().decode(text)).not.toThrow();
      }),
    );
  });
});
