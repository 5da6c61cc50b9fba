import { describe, expect, test } from "vitest";
import type { JsonObject, JsonValue } from "../../../../src/internal/json.js";
import { toWireSchema } from "../../../../src/tools/schema/wire-schema.js";

const inObject = (p: JsonValue, more: JsonObject = {}): JsonObject => ({ type: "object", properties: { p }, ...more });
const wireOf = (p: JsonValue, more?: JsonObject) => {
  const { properties } = toWireSchema(inObject(p, more), "add.parameters");
  return properties;
};

describe("a tool's schema on the wire", () => {
  test("[A2.0] keeps the parts that codex keeps", () => {
    const schema = inObject(
      { $ref: "#/$defs/n" },
      {
        required: ["p"],
        additionalProperties: false,
        $defs: { n: { type: "object", properties: { n: { $ref: "#/$defs/n" } } } },
      },
    );
    expect(toWireSchema(schema, "x")).toEqual(schema);
  });

  test("[A2.0] lists in the description the constraints that codex drops", () => {
    const p = { type: "string", description: "A word.", minLength: 2, pattern: "^a", format: "email" };
    expect(wireOf(p)).toMatchObject({ p: { description: 'A word. (minLength: 2, pattern: "^a", format: "email")' } });
    expect(wireOf({ type: "number", maximum: 5 })).toMatchObject({ p: { description: "(maximum: 5)" } });
    const integer = { type: "integer", minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
    expect(wireOf(integer)).toEqual({ p: integer });
  });

  test.each([
    [{ enum: [1, 2] }, { type: "number", enum: [1, 2] }],
    [{ enum: ["a", null] }, { type: ["string", "null"], enum: ["a", null] }],
    [{ const: 5 }, { type: "number", const: 5 }],
    [true, {}],
    [{ type: "array" }, { type: "array", items: {} }],
    [
      { type: "array", items: true },
      { type: "array", items: {} },
    ],
    [{ anyOf: [true, { type: "string" }] }, { anyOf: [{}, { type: "string" }] }],
  ] as const)("[A2.0] has a type for a schema that codex would treat as a string: %j", (given, wire) => {
    expect(wireOf(given)).toEqual({ p: wire });
  });

  test("[A2.0] has a list in place of a tuple, which codex refuses or misreads", () => {
    const either = { anyOf: [{ type: "string" }, { type: "number" }] };
    expect(wireOf({ type: "array", items: [{ type: "string" }, { type: "number" }] })).toMatchObject({
      p: { items: either },
    });
    const modern = { type: "array", prefixItems: [{ type: "string" }, { type: "number" }], items: false };
    expect(wireOf(modern)).toMatchObject({ p: { items: either } });
  });

  test.each<[JsonObject, RegExp]>([
    [{ type: "string" }, /must have `type: "object"` at its top/],
    [{ anyOf: [{ type: "object" }] }, /must have `type: "object"` at its top/],
    [inObject(null), /`properties\.p` is not a schema/],
    [inObject({ type: "wat" }), /properties\.p\.type` must be one or more of array/],
    [inObject({ type: [] }), /properties\.p\.type` must be/],
    [inObject({ enum: "a" }), /properties\.p\.enum` must be a list/],
    [inObject({ anyOf: {} }), /properties\.p\.anyOf` must be a list/],
    [inObject({ type: "array", items: 5 }), /properties\.p\.items` is not a schema/],
    [inObject({ description: 5 }), /properties\.p\.description` must be a string/],
    [inObject({ type: "string", pattern: "(" }), /properties\.p\.pattern` is not a regular expression/],
    [inObject({}, { required: "p" }), /required` must be a list of names/],
    [{ type: "object", properties: [] }, /properties` must be an object/],
    [inObject({ $ref: "#/$defs/n" }), /\$ref` has no target/],
    [inObject({ $ref: "https://example.com/x.json" }), /\$ref` must refer to a part of this schema/],
    [inObject({ $ref: "#/$defs/n" }, { $defs: { n: { $ref: "#/$defs/n" } } }), /\$ref` refers to itself/],
  ])("[A2.0] is refused with its path if codex would refuse or misread it: %j", (schema, message) => {
    const make = () => toWireSchema(schema, "add.parameters");
    expect(make).toThrow(expect.objectContaining({ code: "INVALID_SCHEMA", option: "add.parameters" }));
    expect(make).toThrow(message);
  });

  test("[A2.0] is refused if its nesting is too deep for codex", () => {
    const nested = (levels: number): JsonObject => (levels === 0 ? { type: "string" } : inObject(nested(levels - 1)));
    expect(() => toWireSchema(nested(45), "x")).not.toThrow();
    expect(() => toWireSchema(nested(62), "x")).toThrow(/deeper than 100 levels/);
    expect(() => toWireSchema(nested(1000), "x")).toThrow(/deeper than 100 levels/);
  });

  test("[A2.0] keeps properties of any name", () => {
    const schema: unknown = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{"type":"number"}}}',
    );
    expect(JSON.stringify(toWireSchema(schema as JsonObject, "x"))).toContain('"__proto__":{"type":"string"}');
  });
});
