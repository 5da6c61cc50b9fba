import { Ajv } from "ajv";
import { type } from "arktype";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue, parseJson } from "../../../../src/internal/json.js";
import { toOutputParser } from "../../../../src/thread/output/output-schema.js";
import { toStrictSchema } from "../../../../src/thread/output/strict-schema.js";

const text = { type: "string" };

describe("the strict form of a schema", () => {
  it("[A1.11] closes every object, requires every property, and makes optional properties nullable", () => {
    const { jsonSchema } = toStrictSchema({
      type: "object",
      properties: { a: text, b: { type: "array", items: { type: "object", properties: { c: text } } } },
      required: ["b"],
    });
    expect(jsonSchema).toEqual({
      type: "object",
      properties: {
        a: { anyOf: [text, { type: "null" }] },
        b: {
          type: "array",
          items: {
            type: "object",
            properties: { c: { anyOf: [text, { type: "null" }] } },
            required: ["c"],
            additionalProperties: false,
          },
        },
      },
      required: ["a", "b"],
      additionalProperties: false,
    });
  });

  it("[A1.11] does not change a schema that is strict already", () => {
    const strict = { type: "object", properties: { a: text }, required: ["a"], additionalProperties: false };
    expect(toStrictSchema(strict).jsonSchema).toEqual(strict);
  });

  it("[A1.11] is applied inside unions, definitions and references", () => {
    const schema = z.object({
      tree: z.object({
        name: z.string(),
        get children() {
          return z.array(leaf).optional();
        },
      }),
      shape: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("circle"), radius: z.number().optional() }),
        z.object({ kind: z.literal("square"), side: z.number() }),
      ]),
      either: z.union([z.string(), z.null()]).optional(),
    });
    const { jsonSchema } = toOutputParser(schema);
    for (const node of objectsIn(jsonSchema)) {
      expect(node["additionalProperties"]).toBe(false);
      expect(node["required"]).toEqual(Object.keys(isJsonObject(node["properties"]) ? node["properties"] : {}));
    }
    expect(JSON.stringify(jsonSchema)).not.toMatch(/oneOf|default/);
  });

  it.each<[string, JsonObject, string]>([
    ["a list at the top", { type: "array", items: text }, "at the top"],
    ["a union at the top", { anyOf: [{ type: "object", properties: {} }] }, "at the top"],
    ["nothing at the top", {}, "at the top"],
    ["an object of any keys", { type: "object" }, "not all listed"],
    ["a dictionary", object({ a: { type: "object", additionalProperties: text } }), "`properties.a`"],
    ["an open object", object({ a: { type: "object", properties: {}, additionalProperties: true } }), "`properties.a`"],
    ["anything", object({ a: { description: "whatever" } }), "`properties.a`"],
    ["true", object({ a: true }), "`properties.a`"],
    ["a list of anything", object({ a: { type: "array" } }), "`properties.a.items`"],
    ["a tuple", object({ a: { type: "array", items: [text, text] } }), "`properties.a.items`"],
    [
      "allOf",
      object({ a: { type: "array", items: { allOf: [text, text] } } }),
      "`properties.a.items`, it uses `allOf`",
    ],
    ["not", object({ a: { not: text } }), "`not`"],
    [
      "a pattern of names",
      object({ a: { type: "object", properties: {}, patternProperties: {} } }),
      "`properties.a`, it is an object whose properties are not all listed",
    ],
    ["one branch of a union", object({ a: { anyOf: [text, {}] } }), "`properties.a.anyOf.1`"],
  ])("[A1.11] refuses %s and names its path", (_, schema, place) => {
    expect(() => toStrictSchema(schema)).toThrow(
      expect.objectContaining({ code: "INVALID_SCHEMA", option: "outputSchema" }),
    );
    expect(() => toStrictSchema(schema)).toThrow(place);
  });

  it.each([
    ["z.record()", z.object({ a: z.record(z.string(), z.number()) })],
    ["z.looseObject()", z.object({ a: z.looseObject({ b: z.string() }) })],
  ])("[A1.11] explains that %s has properties that are not listed, and what to use instead", (_, schema) => {
    expect(() => toOutputParser(schema)).toThrow(
      "The `outputSchema` cannot be used: at `properties.a`, it is an object whose properties are not all listed, such as a record (`z.record()`). Codex accepts only listed properties: list them, or use an array of objects with a key and a value, such as `z.array(z.object({ key: z.string(), value: ... }))`.",
    );
  });

  it("[A1.11] refuses a zod dictionary when the parser is created", () => {
    expect(() => toOutputParser(z.object({ counts: z.record(z.string(), z.number()) }))).toThrow("`properties.counts`");
    expect(() => toOutputParser(z.object({ any: z.unknown() }))).toThrow("`properties.any`");
  });
});

describe("restoring an answer from the strict form", () => {
  it("[A1.11] removes an optional property that was answered with null, and keeps the null of a nullable property", async () => {
    const schema = z.object({
      a: z.string().optional(),
      b: z.string().nullable(),
      c: z.string().nullish(),
      d: z.number().default(7),
      list: z.array(z.object({ e: z.boolean().optional() })),
    });
    const answer = '{"a":null,"b":null,"c":null,"d":null,"list":[{"e":null},{"e":true}]}';
    expect(await toOutputParser(schema).parse(answer)).toEqual({
      ok: true,
      value: { b: null, c: null, d: 7, list: [{}, { e: true }] },
    });
    const ark = type({ "a?": "string", b: "string | null" });
    expect(await toOutputParser(ark).parse('{"a":null,"b":null}')).toEqual({ ok: true, value: { b: null } });
  });

  it("[A1.11] restores inside unions and references", async () => {
    const schema = z.object({
      shape: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("circle"), size: z.number().optional() }),
        z.object({ kind: z.literal("square"), size: z.number().nullable() }),
      ]),
      tree: leaf,
    });
    const parser = toOutputParser(schema);
    expect(
      await parser.parse('{"shape":{"kind":"circle","size":null},"tree":{"name":"a","next":{"name":"b","next":null}}}'),
    ).toEqual({
      ok: true,
      value: { shape: { kind: "circle" }, tree: { name: "a", next: { name: "b" } } },
    });
    expect(await parser.parse('{"shape":{"kind":"square","size":null},"tree":{"name":"a","next":null}}')).toMatchObject(
      {
        ok: true,
        value: { shape: { kind: "square", size: null } },
      },
    );
  });

  it("[A1.11] stops at circular references", () => {
    const schema = { ...object({ a: { $ref: "#/$defs/x" } }), required: [], $defs: { x: { $ref: "#/$defs/x" } } };
    expect(toStrictSchema(schema).restore({ a: null })).toEqual({});
  });

  it("[A1.11] an answer that fits the schema also fits its strict form with null for absent properties, and is restored unchanged", () => {
    fc.assert(
      fc.property(objectPair, ([schema, answer]) => {
        const strict = toStrictSchema(schema);
        const filled = fill(answer, strict.jsonSchema);
        const validate = new Ajv({ strict: false }).compile(strict.jsonSchema);
        expect(validate(filled)).toBe(true);
        expect(strict.restore(filled)).toEqual(answer);
      }),
    );
  });
});

const leaf = z.object({
  name: z.string(),
  get next() {
    return leaf.optional();
  },
});

type Pair = [schema: JsonObject, answer: JsonValue];
const { objectPair } = fc.letrec<{ pair: Pair; objectPair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: "small" },
    fc.string().map((value): Pair => [{ type: "string" }, value]),
    fc.boolean().map((value): Pair => [{ type: "boolean" }, value]),
    fc.constant<Pair>([{ type: ["string", "null"] }, null]),
    tie("pair").map(([schema, value]): Pair => [{ type: "array", items: schema }, [value, value]]),
    tie("objectPair"),
  ),
  objectPair: fc
    .array(fc.tuple(fc.stringMatching(/^[a-z]{1,4}$/), tie("pair"), fc.constantFrom("required", "given", "absent")), {
      maxLength: 4,
    })
    .map((properties): Pair => {
      const unique = [...new Map(properties.map((property) => [property[0], property])).values()];
      const schema = {
        type: "object",
        properties: Object.fromEntries(unique.map(([name, [inner]]) => [name, inner])),
        required: unique.flatMap(([name, , kind]) => (kind === "required" ? [name] : [])),
      };
      // A property that may be both absent and null is restored as null: the strict form cannot distinguish the two.
      const given = unique.filter(([, [inner], kind]) => kind !== "absent" || Array.isArray(inner["type"]));
      return [schema, Object.fromEntries(given.map(([name, [, value]]) => [name, value]))];
    }),
}));

/** Returns the answer in the strict form. */
function fill(answer: JsonValue, schema: JsonValue | undefined): JsonValue {
  const node = isJsonObject(schema) && Array.isArray(schema["anyOf"]) ? plain(schema["anyOf"][0]) : schema;
  if (!isJsonObject(node)) return answer;
  if (Array.isArray(answer)) return answer.map((entry: JsonValue) => fill(entry, node["items"]));
  const { properties } = node;
  if (!isJsonObject(answer) || !isJsonObject(properties)) return answer;
  return Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [
      name,
      fill(name in answer ? (answer[name] ?? null) : null, inner),
    ]),
  );
}

function plain(value: unknown): JsonValue {
  return parseJson(JSON.stringify(value)) ?? null;
}

function object(properties: JsonObject): JsonObject {
  return { type: "object", properties, required: Object.keys(properties) };
}

function objectsIn(node: JsonValue | undefined): JsonObject[] {
  if (Array.isArray(node)) return node.flatMap((entry: JsonValue) => objectsIn(entry));
  if (!isJsonObject(node)) return [];
  const inner = Object.values(node).flatMap(objectsIn);
  return node["type"] === "object" ? [node, ...inner] : inner;
}
