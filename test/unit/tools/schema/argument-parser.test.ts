import Ajv from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonValue } from "../../../../src/internal/json.js";
import { createArgumentParser } from "../../../../src/tools/schema/argument-parser.js";

const plain = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 2, pattern: "^[a-z]+$" },
    age: { type: "integer", minimum: 0 },
    tags: { type: "array", items: { enum: ["a", "b"] }, maxItems: 2 },
  },
  required: ["name"],
  additionalProperties: false,
};

async function issuesOf(parameters: unknown, value: JsonValue): Promise<readonly string[]> {
  const verdict = await createArgumentParser(parameters, "x").parse(value);
  return verdict.ok ? [] : verdict.issues;
}

describe("the arguments of a call", () => {
  test("[A2.3] are checked by a plain JSON Schema, and each problem has its path", async () => {
    expect(await issuesOf(plain, { name: "ada", age: 5, tags: ["a"] })).toEqual([]);
    expect(await issuesOf(plain, { name: "ada", age: "five" })).toEqual([
      'age: the value type "string" is invalid. Expected "integer".',
    ]);
    expect(await issuesOf(plain, {})).toEqual([expect.stringContaining('required property "name"')]);
    expect(await issuesOf(plain, { name: "ada", z: 1 })).toEqual([expect.stringContaining('"z"')]);
    expect(await issuesOf(plain, { name: "ada", tags: ["a", "c"] })).toEqual([expect.stringMatching(/^tags\.1: /)]);
    expect(await issuesOf(plain, "text")).not.toEqual([]);
  });

  test("[A2.3] are checked in time proportional to their size", async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, 1]));
    expect((await issuesOf(plain, many)).length).toBeGreaterThan(10);
    const page = { type: "object", properties: { page: { type: "string", format: "url" } } };
    expect(await issuesOf(page, { page: "https://x.example/a?b=c" })).toEqual([]);
    expect(await issuesOf(page, { page: `http://a${"a".repeat(10_000)} ` })).toEqual([
      expect.stringMatching(/^page: /),
    ]);
  });

  test("[A2.3] are checked for constraints that codex drops from the schema", async () => {
    expect(await issuesOf(plain, { name: "A" })).toEqual([
      expect.stringMatching(/^name: .*short/),
      expect.stringMatching(/^name: .*pattern/),
    ]);
    expect(await issuesOf(plain, { name: "ada", age: -1 })).toEqual([expect.stringMatching(/^age: /)]);
  });

  test("[A2.3] have the defaults and transforms of a Standard Schema", async () => {
    const schema = z.object({ at: z.string().transform((text) => text.length), n: z.number().default(7) });
    expect(await createArgumentParser(schema, "x").parse({ at: "four" })).toEqual({ ok: true, value: { at: 4, n: 7 } });
    expect(await issuesOf(schema, { at: 5 })).toEqual([expect.stringMatching(/^at: .*expected string/)]);
  });

  test("[A2.3] may be omitted if the tool has no parameters", async () => {
    const none = { type: "object", properties: {} };
    expect(await createArgumentParser(none, "x").parse(null)).toEqual({ ok: true, value: {} });
    expect(await createArgumentParser(z.object({}), "x").parse(null)).toEqual({ ok: true, value: {} });
  });

  test("[A2.3] are invalid if the validator throws", async () => {
    const pair = {
      schema: {
        "~standard": {
          version: 1,
          vendor: "own",
          validate: (): never => {
            throw new Error("broken");
          },
        },
      },
      jsonSchema: plain,
    };
    expect(await issuesOf(pair, {})).toEqual([expect.stringContaining("broken")]);
    const endless = { type: "object", properties: { p: { allOf: [{ $ref: "#/properties/p" }] } } };
    expect(await issuesOf(endless, { p: 1 })).toEqual([expect.stringContaining("cannot be applied")]);
  });

  test("[A2.3] follow references and tuples of either draft", async () => {
    const tree = {
      type: "object",
      properties: { value: { type: "number" }, next: { $ref: "#" } },
      required: ["value"],
    };
    expect(await issuesOf(tree, { value: 1, next: { value: 2 } })).toEqual([]);
    expect(await issuesOf(tree, { value: 1, next: { value: "2" } })).toEqual([expect.stringMatching(/^next\.value: /)]);
    const old = {
      type: "object",
      properties: { t: { type: "array", items: [{ type: "string" }, { type: "number" }] } },
    };
    expect(await issuesOf(old, { t: ["a", 1] })).toEqual([]);
    expect(await issuesOf(old, { t: [1, 1] })).toEqual([expect.stringMatching(/^t\.0: /)]);
    const modern = { type: "object", properties: { t: { type: "array", prefixItems: [{ type: "string" }] } } };
    expect(await issuesOf(modern, { t: [1] })).toEqual([expect.stringMatching(/^t\.0: /)]);
  });

  test("[A2.3] leave the schema unchanged", () => {
    const before = structuredClone(plain);
    createArgumentParser(plain, "x");
    expect(plain).toEqual(before);
  });

  test("[A2.3] are valid exactly if ajv accepts them", async () => {
    const ajv = new Ajv.default({ allErrors: true });
    const check = ajv.compile(plain);
    const value = fc.record(
      {
        name: fc.oneof(fc.string({ maxLength: 4 }), fc.constantFrom("ada", "bob"), fc.integer()),
        age: fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true }), fc.constant(null)),
        tags: fc.oneof(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }), fc.boolean()),
        other: fc.constant(1),
      },
      { requiredKeys: [] },
    );
    const parser = createArgumentParser(plain, "x");
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        expect((await parser.parse(given)).ok).toBe(check(given));
      }),
    );
  });
});
