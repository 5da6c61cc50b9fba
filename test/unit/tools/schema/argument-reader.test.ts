import Ajv from "ajv";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import type { JsonValue } from "../../../../src/internal/json.js";
import { createArgumentReader } from "../../../../src/tools/schema/argument-reader.js";

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
  const verdict = await createArgumentReader(parameters, "x").read(value);
  return verdict.ok ? [] : verdict.issues;
}

describe("the arguments of a call", () => {
  test("[A2.3] are checked by a plain JSON Schema, with the path of what does not fit", async () => {
    expect(await issuesOf(plain, { name: "ada", age: 5, tags: ["a"] })).toEqual([]);
    expect(await issuesOf(plain, { name: "ada", age: "five" })).toEqual([
      'age: the value type "string" is invalid. Expected "integer".',
    ]);
    expect(await issuesOf(plain, {})).toEqual([expect.stringContaining('required property "name"')]);
    expect(await issuesOf(plain, { name: "ada", z: 1 })).toEqual([expect.stringContaining('"z"')]);
    expect(await issuesOf(plain, { name: "ada", tags: ["a", "c"] })).toEqual([expect.stringMatching(/^tags\.1: /)]);
    expect(await issuesOf(plain, "text")).not.toEqual([]);
  });

  test("[A2.3] are checked in a time that grows with their size, whatever a model gives", async () => {
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, at) => [`k${at}`, 1]));
    expect((await issuesOf(plain, many)).length).toBeGreaterThan(10);
    const page = { type: "object", properties: { page: { type: "string", format: "url" } } };
    expect(await issuesOf(page, { page: "https://x.example/a?b=c" })).toEqual([]);
    expect(await issuesOf(page, { page: `http://a${"a".repeat(10_000)} ` })).toEqual([
      expect.stringMatching(/^page: /),
    ]);
  });

  test("[A2.3] are checked for what codex drops from the schema", async () => {
    expect(await issuesOf(plain, { name: "A" })).toEqual([
      expect.stringMatching(/^name: .*short/),
      expect.stringMatching(/^name: .*pattern/),
    ]);
    expect(await issuesOf(plain, { name: "ada", age: -1 })).toEqual([expect.stringMatching(/^age: /)]);
  });

  test("[A2.3] reach `execute` as a Standard Schema makes them: defaults and transforms", async () => {
    const schema = z.object({ at: z.string().transform((text) => text.length), n: z.number().default(7) });
    expect(await createArgumentReader(schema, "x").read({ at: "four" })).toEqual({ ok: true, value: { at: 4, n: 7 } });
    expect(await issuesOf(schema, { at: 5 })).toEqual([expect.stringMatching(/^at: .*expected string/)]);
  });

  test("[A2.3] may be left out where there are none", async () => {
    const none = { type: "object", properties: {} };
    expect(await createArgumentReader(none, "x").read(null)).toEqual({ ok: true, value: {} });
    expect(await createArgumentReader(z.object({}), "x").read(null)).toEqual({ ok: true, value: {} });
  });

  test("[A2.3] that a validator fails on are a complaint, not a throw", async () => {
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

  test("[A2.3] leave the schema as it was given", () => {
    const before = structuredClone(plain);
    createArgumentReader(plain, "x");
    expect(plain).toEqual(before);
  });

  test("[A2.3] fit, or not, as ajv says", async () => {
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
    const reader = createArgumentReader(plain, "x");
    await fc.assert(
      fc.asyncProperty(value, async (given) => {
        expect((await reader.read(given)).ok).toBe(check(given));
      }),
    );
  });
});
