import { type } from "arktype";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { CodexError } from "../../../../src/errors/codex-error.js";
import { isJsonObject } from "../../../../src/internal/json.js";
import { toOutputParser } from "../../../../src/thread/output/output-schema.js";
import type { StandardSchema } from "../../../../src/internal/standard-schema.js";

/** A schema of a library that implements Standard Schema without its part on JSON Schema. */
const isEven: StandardSchema<unknown, number> = {
  "~standard": {
    version: 1,
    vendor: "valibot",
    validate: (value) => {
      const n = isJsonObject(value) ? Number(value["n"]) : Number.NaN;
      return n % 2 === 0 ? { value: n } : { issues: [{ message: "odd", path: ["n", { key: 0 }, "b"] }] };
    },
  },
};

describe("an output schema", () => {
  it("[A1.11] sends a zod schema as JSON Schema and returns its output type", async () => {
    const parser = toOutputParser(z.object({ ok: z.boolean(), at: z.string().transform((text) => text.length) }));
    expect(parser.jsonSchema).toMatchObject({
      type: "object",
      properties: { ok: { type: "boolean" }, at: { type: "string" } },
    });
    expect(await parser.parse(['{"ok":true,"at":"four"}'])).toEqual({ ok: true, value: { ok: true, at: 4 } });
  });

  it("[A1.11] accepts an arktype schema, which is a function", async () => {
    const parser = toOutputParser(type({ ok: "boolean" }));
    expect(parser.jsonSchema).toMatchObject({ type: "object", required: ["ok"] });
    expect(await parser.parse(['{"ok":false}'])).toEqual({ ok: true, value: { ok: false } });
    expect(await parser.parse(['{"ok":1}'])).toMatchObject({ ok: false, issues: [expect.stringContaining("ok")] });
  });

  it("[A1.11] sends the JSON Schema of a pair and checks with its Standard Schema", async () => {
    const parser = toOutputParser({
      schema: isEven,
      jsonSchema: { type: "object", properties: { n: { type: "number" } } },
    });
    expect(parser.jsonSchema).toMatchObject({ properties: { n: { anyOf: [{ type: "number" }, { type: "null" }] } } });
    expect(await parser.parse(['{"n":8}'])).toEqual({ ok: true, value: 8 });
    expect(await parser.parse(['{"n":7}'])).toEqual({ ok: false, issues: ["n.0.b: odd"] });
  });

  it("[A1.11] checks the answer to a plain JSON Schema", async () => {
    const given = { type: "object", properties: { a: { type: "string" } }, required: ["a"], optional: undefined };
    const parser = toOutputParser(given);
    expect(parser.jsonSchema).toEqual({
      type: "object",
      properties: { a: { type: "string" } },
      required: ["a"],
      additionalProperties: false,
    });
    expect(await parser.parse(['{"a":"1"}'])).toEqual({ ok: true, value: { a: "1" } });
    expect(await parser.parse(['{"a":1}'])).toEqual({ ok: false, issues: [expect.stringMatching(/^a: .*string/)] });
    given.properties.a.type = "number";
    expect(parser.jsonSchema).toMatchObject({ properties: { a: { type: "string" } } });
  });

  it("[A1.11] reports an answer that is not JSON", async () => {
    for (const text of ["", "```json\n{\n```", "```{}```", "Here: {}", "{", "undefined"]) {
      const parser = toOutputParser({ type: "object", properties: {} });
      expect(await parser.parse([text])).toEqual({ ok: false, issues: ["the answer is not valid JSON"] });
    }
  });

  it.each([
    ["a fence", ['```json\n{"ok":true}\n```']],
    ["a fence without a language", ['```\n{"ok":true}\n```']],
    ["a fence with CRLF and a blank line behind it", ['```json\r\n{"ok":true}\r\n```\n\n']],
    ["a byte order mark", ['\ufeff{"ok":true}']],
    ["a byte order mark and a fence", ['\ufeff```json\n{"ok":true}\n```']],
    ["a closing message", ["Done.", '{"ok":true}', '{"ok":false}']],
    ["a closing message that is JSON by chance", ["42", '{"ok":true}']],
  ])("[A1.11] [O] accepts an answer with %s", async (_, texts) => {
    expect(await toOutputParser(z.object({ ok: z.boolean() })).parse(texts)).toEqual({ ok: true, value: { ok: true } });
  });

  it("[A1.11] [O] keeps fences inside a value", async () => {
    const parser = toOutputParser(z.object({ s: z.string() }));
    const value = { s: "```js\nx\n```" };
    expect(await parser.parse([JSON.stringify(value)])).toEqual({ ok: true, value });
  });

  it("[A1.11] [O] the last JSON object is the answer, also if an earlier one would fit", async () => {
    const parser = toOutputParser(z.object({ ok: z.boolean() }));
    expect(await parser.parse(['{"ok":1}', '{"ok":true}'])).toMatchObject({ ok: false });
  });

  it("[A1.11] reports every issue with its path", async () => {
    const parser = toOutputParser(z.object({ list: z.array(z.object({ n: z.number() })), s: z.string() }));
    const read = await parser.parse(['{"list":[{"n":1},{"n":"x"}]}']);
    expect(read).toMatchObject({ ok: false });
    expect(read.ok ? [] : read.issues).toEqual([expect.stringMatching(/^list\.1\.n: /), expect.stringMatching(/^s: /)]);
  });

  it("[A1.11] reports an issue if a check throws", async () => {
    const schema = z.object({ a: z.string() }).refine(() => {
      throw new Error("my own check broke");
    });
    expect(await toOutputParser(schema).parse(['{"a":"x"}'])).toMatchObject({
      ok: false,
      issues: [expect.stringContaining("my own check broke")],
    });
  });

  it("[A1.11] waits for an asynchronous check", async () => {
    const schema = z.object({ a: z.string() }).refine(async ({ a }) => a === "good", { message: "not good" });
    const parser = toOutputParser(schema);
    expect(await parser.parse(['{"a":"good"}'])).toMatchObject({ ok: true });
    expect(await parser.parse(['{"a":"bad"}'])).toEqual({ ok: false, issues: ["not good"] });
  });

  it.each([
    ["valibot", "@valibot/to-json-schema"],
    ["zod", "z.toJSONSchema"],
    ["effect", "its own JSON Schema converter"],
  ])("[A1.11] names the converter if a schema of %s has no JSON Schema", (vendor, converter) => {
    const error = refusal({ "~standard": { ...isEven["~standard"], vendor } });
    expect(error).toMatchObject({ code: "INVALID_SCHEMA", option: "outputSchema" });
    expect(error.message).toContain(converter);
    expect(error.message).toContain(vendor);
  });

  it("[A1.11] refuses a schema that JSON Schema cannot express, with the library's own message", () => {
    expect(refusal(z.object({ when: z.date() }))).toMatchObject({ code: "INVALID_SCHEMA" });
    expect(refusal(z.object({ when: z.date() })).message).toContain("zod");
    expect(refusal(z.object({ big: z.bigint() }))).toMatchObject({ code: "INVALID_SCHEMA" });
  });

  it.each([
    ["null", null],
    ["a text", "string"],
    ["a list", []],
    ["a number", 1],
    ["a function", () => ({})],
    ["a circular object", circular()],
    ["an object that is a text as JSON", { toJSON: () => "x" }],
    ["a pair without a JSON Schema", { schema: isEven, jsonSchema: undefined }],
    ["a pair with a text for a JSON Schema", { schema: isEven, jsonSchema: "number" }],
  ])("refuses %s as a schema", (_, schema) => {
    expect(refusal(schema)).toMatchObject({ code: "INVALID_SCHEMA", option: "outputSchema" });
  });
});

function refusal(schema: unknown): CodexError {
  try {
    toOutputParser(schema);
  } catch (error) {
    if (CodexError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("not refused");
}

function circular(): object {
  const schema: Record<string, unknown> = {};
  schema["self"] = schema;
  return schema;
}
