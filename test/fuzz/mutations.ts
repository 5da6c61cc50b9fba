import fc from "fast-check";
import { isJsonObject, type JsonObject, type JsonValue } from "../../src/internal/json.js";
import type { Wire } from "../../src/protocol/index.js";
import { readWireFixtures, toObject } from "../unit/protocol/wire-fixtures.js";

/** The lines that the real codex wrote, one of each kind of message and item. */
export function realLines(wire: Wire): JsonObject[] {
  const kinds = new Map<string, JsonObject>();
  for (const fixture of readWireFixtures()) {
    if (fixture.wire !== wire) continue;
    for (const message of fixture.lines.map(toObject)) kinds.set(kindOf(message), message);
  }
  return [...kinds.values()];
}

function kindOf({ method, type, id, params, item }: JsonObject): string {
  const inner = isJsonObject(params) ? params["item"] : item;
  return JSON.stringify([method ?? type, id === undefined, isJsonObject(inner) ? inner["type"] : null]);
}

const hostileKeys = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "then",
  "toJSON",
  "length",
  "raw",
  "type",
];
const hostileValues: readonly JsonValue[] = [
  ...[null, true, "", "\ud800", "\udc00x", "\u2028", "\u0000", "__proto__", "in_progress", 0, -0, 1e308, -1e-308],
  ...[Number.MAX_SAFE_INTEGER + 2, [], {}, [[]], [null], { type: null }, { length: -1 }],
];

/** Any JSON value, the unpleasant ones more often than by chance. */
export const anyValue: fc.Arbitrary<JsonValue> = fc.oneof(
  fc.constantFrom(...hostileValues),
  fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as JsonValue),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.integer({ min: 1, max: 200 }).map(nested),
);

const anyKey = fc.oneof(fc.constantFrom(...hostileKeys), fc.string({ maxLength: 8 }));

/** A list in a list in a list, and so on. */
export function nested(depth: number): JsonValue {
  let value: JsonValue = [];
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { item: value };
  return value;
}

type Change = (node: JsonObject) => JsonObject;

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.nat(100).map(
    (which): Change =>
      (node) =>
        withEntry(node, which, () => []),
  ),
  fc.tuple(fc.nat(100), anyValue).map(([which, value]): Change => (node) => {
    return withEntry(node, which, (name) => [[name, value]]);
  }),
  fc.tuple(fc.nat(100), anyKey).map(([which, other]): Change => (node) => {
    return withEntry(node, which, (name, value) => [
      [name, value],
      [other, value],
    ]);
  }),
  fc.tuple(fc.nat(100), anyKey).map(([which, other]): Change => (node) => {
    return withEntry(node, which, (_name, value) => [[other, value]]);
  }),
  fc.nat(100).map(
    (which): Change =>
      (node) =>
        withEntry(node, which, (name, value) => [[name, ofOtherType(value)]]),
  ),
  fc.tuple(anyKey, anyValue).map(
    ([name, value]): Change =>
      (node) =>
        Object.fromEntries([...entriesOf(node), [name, value]]),
  ),
);

/** One of these objects with one to five changes in it, anywhere: keys gone, renamed, doubled, values of other types. */
export function mutated(originals: readonly JsonObject[]): fc.Arbitrary<JsonObject> {
  const changes = fc.array(fc.tuple(fc.nat(10_000), change), { minLength: 1, maxLength: 5 });
  return fc.tuple(fc.constantFrom(...originals), changes).map(([original, list]) => {
    return list.reduce((message, [where, apply]) => changeAt(message, where, apply), original);
  });
}

/** The text of a mutated object, which itself is changed, cut or doubled at some places: mostly no JSON any more. */
export function mutatedText(originals: readonly JsonObject[]): fc.Arbitrary<string> {
  const edit = fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(12),
    fc.oneof(fc.string({ maxLength: 6 }), tricky),
  );
  return fc.tuple(mutated(originals), fc.array(edit, { maxLength: 4 })).map(([message, edits]) => {
    return edits.reduce((text, [at, length, insert]) => {
      const start = Math.floor(at * text.length);
      return text.slice(0, start) + insert + text.slice(start + length);
    }, JSON.stringify(message));
  });
}

const tricky = fc.constantFrom(
  ...[
    '"type":"turn.completed",',
    '"id":1,',
    '"__proto__":{"polluted":true},',
    "1e999",
    "-",
    "\\ud800",
    '"',
    "}",
    "[",
    ",",
  ],
  ...["\u001b[31m", "\ufeff", "\u0000", "null", '{"a":'.repeat(2_000), "[".repeat(20_000)],
);

function changeAt(root: JsonObject, where: number, apply: Change): JsonObject {
  const count = countObjects(root);
  let left = where % count;
  const visit = (node: JsonValue): JsonValue => {
    if (Array.isArray(node)) return node.map((child: JsonValue) => visit(child));
    if (!isJsonObject(node)) return node;
    const here = left === 0;
    left -= 1;
    const visited = Object.fromEntries(entriesOf(node).map(([name, value]) => [name, visit(value)]));
    return here ? apply(visited) : visited;
  };
  const changed = visit(root);
  return isJsonObject(changed) ? changed : root;
}

function countObjects(value: JsonValue): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = isJsonObject(value) ? 1 : 0;
  return Object.values(value).reduce<number>((sum, child: JsonValue = null) => sum + countObjects(child), own);
}

type Entry = readonly [name: string, value: JsonValue];

function withEntry(node: JsonObject, which: number, give: (...entry: Entry) => readonly Entry[]): JsonObject {
  const entries = entriesOf(node);
  return Object.fromEntries(
    entries.flatMap((entry, index) => (index === which % entries.length ? give(...entry) : [entry])),
  );
}

function entriesOf(node: JsonObject): Entry[] {
  return Object.entries(node).map(([name, value = null]) => [name, value]);
}

function ofOtherType(value: JsonValue): JsonValue {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return String(value);
  if (Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  return isJsonObject(value) ? Object.values(value).map((child = null) => child) : 1;
}
