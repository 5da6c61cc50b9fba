import { Validator } from "@cfworker/json-schema";
import { describe, expect, it } from "vitest";
import { fitsForm, isFlatForm } from "../../../src/approvals/fits-form.js";
import fc from "fast-check";

const values = fc.oneof(
  fc.constantFrom("a", "b", "", "longer text", "💡💡", 0, 1, 2.5, -3, true, false, null),
  fc.array(fc.constantFrom("a", "b", "c", 1), { maxLength: 4 }),
  fc.constant({ a: 1 }),
);
const bounds = fc.integer({ min: 0, max: 4 });
const options = fc.array(fc.record({ const: fc.constantFrom("a", "b", "c"), title: fc.constant("T") }), {
  minLength: 1,
  maxLength: 3,
});
const field = fc.oneof(
  fc.record({ type: fc.constantFrom("string", "number", "integer", "boolean", "array") }),
  fc.record({ type: fc.constant("string"), minLength: bounds, maxLength: bounds }),
  fc.record({ type: fc.constantFrom("number", "integer"), minimum: bounds, maximum: bounds }),
  fc.record({ type: fc.constant("string"), enum: fc.subarray(["a", "b", "c"]) }),
  fc.record({ type: fc.constant("string"), oneOf: options }),
  fc.record({ anyOf: options }),
  fc.record({ const: fc.constantFrom("a", 1, true) }),
  fc.record({
    type: fc.constant("array"),
    minItems: bounds,
    maxItems: bounds,
    items: fc.oneof(
      fc.record({ type: fc.constant("string"), enum: fc.subarray(["a", "b"], { minLength: 1 }) }),
      fc.record({ anyOf: options }),
    ),
  }),
);
const names = ["one", "two", "three"];
const form = fc.record(
  {
    type: fc.constant("object"),
    properties: fc.dictionary(fc.constantFrom(...names), field),
    required: fc.subarray(names),
    additionalProperties: fc.boolean(),
  },
  { requiredKeys: ["type", "properties"] },
);

describe("content for a form of an MCP server", () => {
  it("[A2.5] fits exactly if a JSON Schema validator accepts it", () => {
    const content = fc.dictionary(fc.constantFrom(...names, "other"), values);
    fc.assert(
      fc.property(form, content, (schema, given) => {
        expect(isFlatForm(schema)).toBe(true);
        const { valid } = new Validator(structuredClone(schema), "2020-12").validate(given);
        expect(fitsForm(given, schema)).toBe(valid);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["email", "a@b.c", "a b@c"],
    ["uri", "https://example.com/x", "example"],
    ["date", "2024-02-29", "2023-02-29"],
    ["date-time", "2026-11-23T10:00:00Z", "2026-11-23 at ten"],
  ])("[A2.5] %s: %s fits and %s does not", (format, right, wrong) => {
    const schema = { type: "object", properties: { value: { type: "string", format } } };
    expect(fitsForm({ value: right }, schema)).toBe(true);
    expect(fitsForm({ value: wrong }, schema)).toBe(false);
  });

  it("[A2.5] treats the names of Object.prototype as ordinary names", () => {
    const schema = { type: "object", properties: {}, required: ["toString"], additionalProperties: false };
    expect(fitsForm({}, schema)).toBe(false);
    expect(fitsForm(Object.fromEntries([["constructor", "x"]]), { properties: {}, additionalProperties: false })).toBe(
      false,
    );
  });
});
