import { type } from "arktype";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../../src/internal/json.js";
import { toOutputParser } from "../../../../src/thread/output/output-schema.js";
import { toStrictSchema } from "../../../../src/thread/output/strict-schema.js";

const text = { type: "string" };

describe("the strict form of a schema", () => {
  it("[A1.11] closes every object, requires every property, and makes optional properties nullable", () => {
    const jsonSchema = toStrictSchema({
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
    expect(toStrictSchema(strict)).toEqual(strict);
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
    [
      "a record of texts whose names are only restricted",
      object({ a: { type: "object", additionalProperties: text, propertyNames: { minLength: 2 } } }),
      "not all listed",
    ],
    [
      "a circle of references",
      { ...object({ a: { $ref: "#/$defs/x" } }), $defs: { x: { $ref: "#/$defs/x" } } },
      "itself",
    ],
    ["a reference without a target", object({ a: { $ref: "#/$defs/x" } }), "`properties.a`, its `$ref` has no target"],
    ["a broken pattern", object({ a: { type: "string", pattern: "(" } }), "`properties.a`, its `pattern`"],
    ["one branch of a union", object({ a: { anyOf: [text, {}] } }), "`properties.a.anyOf.1`"],
  ])("[A1.11] refuses %s and names its path", (_, schema, place) => {
    expect(() => toStrictSchema(schema)).toThrow(
      expect.objectContaining({ code: "INVALID_SCHEMA", option: "outputSchema" }),
    );
    expect(() => toStrictSchema(schema)).toThrow(place);
  });

  it("[A1.11] [O] sends constraints that the service does not support as a description, and checks them", async () => {
    const schema = z.object({
      code: z
        .string()
        .regex(/^(?!00)\d{2}$/)
        .describe("The code."),
      site: z.url(),
      name: z.string().min(2).max(4),
      mail: z.email(),
      id: z.uuid(),
      many: z.array(z.number().positive()).min(1).max(3),
    });
    const { jsonSchema, parse } = toOutputParser(schema);
    expect(JSON.stringify(jsonSchema)).not.toMatch(/"pattern":"\^\(\?!|"uri"|"minLength"/);
    expect(jsonSchema["properties"]).toMatchObject({
      code: { type: "string", description: 'The code. (pattern: "^(?!00)\\\\d{2}$")' },
      site: { type: "string", description: '(format: "uri")' },
      name: { type: "string", description: "(minLength: 2, maxLength: 4)" },
      mail: { format: "email" },
      id: { format: "uuid" },
      many: { type: "array", items: { type: "number", exclusiveMinimum: 0 }, minItems: 1, maxItems: 3 },
    });
    const fitting = {
      code: "01",
      site: "https://a.example",
      name: "ab",
      mail: "a@b.example",
      id: crypto.randomUUID(),
      many: [1],
    };
    expect(await parse([JSON.stringify(fitting)])).toEqual({ ok: true, value: fitting });
    for (const wrong of [{ code: "001" }, { code: "00" }, { site: "nowhere" }, { name: "a" }]) {
      expect(await parse([JSON.stringify({ ...fitting, ...wrong })])).toMatchObject({ ok: false });
    }
  });

  it.each(["(?=a)", "a(?!b)", "(?<=a)b", "(?<!a)b", "(a)\\1", "(?<n>a)\\k<n>", "\\\\(?=a)"])(
    "[A1.11] [O] does not send the pattern %s",
    (pattern) => {
      const strict = toStrictSchema(object({ a: { type: "string", pattern } }));
      expect(strict).toMatchObject({ properties: { a: { description: `(pattern: ${JSON.stringify(pattern)})` } } });
      expect(strict).not.toMatchObject({ properties: { a: { pattern } } });
    },
  );

  it.each(["^a+$", "\\(?=", "\\d\\w", "(?:a|b)", "(?<n>a)"])("[A1.11] [O] sends the pattern %s", (pattern) => {
    const schema = { type: "string", pattern };
    expect(toStrictSchema(object({ a: schema }))).toMatchObject({ properties: { a: schema } });
  });

  it("[A1.11] [O] adds the type of listed values, which the service requires", () => {
    const schema = z.object({ a: z.literal("x"), b: z.literal([1, null]) });
    expect(toOutputParser(schema).jsonSchema).toMatchObject({
      properties: { a: { type: "string", const: "x" }, b: { type: ["number", "null"], enum: [1, null] } },
    });
  });

  it("[A1.11] [O] lists the properties of a record whose keys are listed", async () => {
    const keys = z.enum(["a", "b"]);
    const schema = z.object({
      all: z.record(keys, z.number()),
      some: z.partialRecord(keys, z.number()),
      either: z.record(z.union([z.literal("x"), z.literal("y")]), z.object({ n: z.number().optional() })),
    });
    const parser = toOutputParser(schema);
    const number = { type: "number" };
    const strict = { required: ["a", "b"], additionalProperties: false };
    expect(parser.jsonSchema).toMatchObject({
      properties: {
        all: { ...strict, properties: { a: number, b: number } },
        some: { ...strict, properties: { a: { anyOf: [number, { type: "null" }] } } },
        either: { required: ["x", "y"], properties: { x: { type: "object" }, y: { type: "object" } } },
      },
    });
    const answer = '{"all":{"a":1,"b":2},"some":{"a":null,"b":3},"either":{"x":{"n":null},"y":{"n":1}}}';
    expect(await parser.parse([answer])).toEqual({
      ok: true,
      value: { all: { a: 1, b: 2 }, some: { b: 3 }, either: { x: {}, y: { n: 1 } } },
    });
  });

  it.each([
    ["z.record()", z.object({ a: z.record(z.string(), z.number()) })],
    ["z.looseObject()", z.object({ a: z.looseObject({ b: z.string() }) })],
  ])("[A1.11] explains that %s has properties that are not listed, and what to use instead", (_, schema) => {
    expect(() => toOutputParser(schema)).toThrow(
      "The `outputSchema` cannot be used: at `properties.a`, it is an object whose properties are not all listed, such as a record (`z.record()`). Codex accepts only listed properties: list them, such as by `z.record(z.enum([...]), ...)`, or use an array of objects with a key and a value, such as `z.array(z.object({ key: z.string(), value: ... }))`.",
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
    expect(await toOutputParser(schema).parse([answer])).toEqual({
      ok: true,
      value: { b: null, c: null, d: 7, list: [{}, { e: true }] },
    });
    const ark = type({ "a?": "string", b: "string | null" });
    expect(await toOutputParser(ark).parse(['{"a":null,"b":null}'])).toEqual({ ok: true, value: { b: null } });
  });

  it("[A1.11] [O] chooses the branch of a union by its values if the keys are equal", async () => {
    const inner = { a: z.string().optional() };
    const parser = toOutputParser(
      z.object({
        u: z.union([z.object({ v: z.string(), ...inner }), z.object({ v: z.number(), a: z.string().nullable() })]),
        list: z.union([
          z.array(z.object({ a: z.string().nullable(), n: z.number() })),
          z.array(z.object({ a: z.string().optional(), n: z.string() })),
        ]),
      }),
    );
    const read = await parser.parse(['{"u":{"v":1,"a":null},"list":[{"a":null,"n":"x"}]}']);
    expect(read).toEqual({ ok: true, value: { u: { v: 1, a: null }, list: [{ n: "x" }] } });
    expect(await parser.parse(['{"u":{"v":"s","a":null},"list":[{"a":null,"n":1}]}'])).toEqual({
      ok: true,
      value: { u: { v: "s" }, list: [{ a: null, n: 1 }] },
    });
  });

  it("[A1.11] [O] restores and checks nested unions of a recursive schema", async () => {
    const node = { $ref: "#/$defs/node" };
    const branch = (v: JsonObject): JsonObject => ({
      type: "object",
      properties: { next: { anyOf: [node, { type: "null" }] }, v },
      required: ["next"],
    });
    const parser = toOutputParser({
      ...object({ node }),
      $defs: { node: { anyOf: [branch({ type: "string" }), branch({ type: "number" })] } },
    });
    let value: JsonValue = null;
    for (let depth = 0; depth < 8; depth += 1) value = { next: value, v: depth };
    expect(await parser.parse([JSON.stringify({ node: value })])).toMatchObject({ ok: true });
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
      await parser.parse([
        '{"shape":{"kind":"circle","size":null},"tree":{"name":"a","next":{"name":"b","next":null}}}',
      ]),
    ).toEqual({
      ok: true,
      value: { shape: { kind: "circle" }, tree: { name: "a", next: { name: "b" } } },
    });
    expect(
      await parser.parse(['{"shape":{"kind":"square","size":null},"tree":{"name":"a","next":null}}']),
    ).toMatchObject({
      ok: true,
      value: { shape: { kind: "square", size: null } },
    });
  });
});

const leaf = z.object({
  name: z.string(),
  get next() {
    return leaf.optional();
  },
});

function object(properties: JsonObject): JsonObject {
  return { type: "object", properties, required: Object.keys(properties) };
}

function objectsIn(node: JsonValue | undefined): JsonObject[] {
  if (Array.isArray(node)) return node.flatMap((entry: JsonValue) => objectsIn(entry));
  if (!isJsonObject(node)) return [];
  const inner = Object.values(node).flatMap(objectsIn);
  return node["type"] === "object" ? [node, ...inner] : inner;
}
