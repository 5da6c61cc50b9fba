import { Ajv, type ValidateFunction } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../../src/internal/json.js";
import { toOutputParser } from "../../../../src/thread/output/output-schema.js";

describe("an answer in the strict form", () => {
  it("[A1.11] [O] that fits the schema fits the strict form, and the parser restores and accepts it", async () => {
    await fc.assert(
      fc.asyncProperty(objectPair, async ([schema, answer]) => {
        const parser = toOutputParser(schema);
        const filled = fill(answer, schema);
        expect(compile(schema)(answer)).toBe(true);
        const validate = compile(parser.jsonSchema);
        expect(validate(filled), JSON.stringify(validate.errors)).toBe(true);
        const read = await parser.parse([JSON.stringify(filled)]);
        expect(read).toMatchObject({ ok: true });
        // Two branches of a union can differ in this alone: null or absent.
        expect(withoutNulls(read.ok ? read.value : null)).toEqual(withoutNulls(answer));
      }),
      { numRuns: 80 },
    );
  });

  it("[A1.11] [O] is accepted if and only if its restored form fits the schema", async () => {
    await fc.assert(
      fc.asyncProperty(objectPair, objectPair, fc.nat(), async ([schema, answer], [, other], at) => {
        const wrong = graft(fill(answer, schema), other, at);
        const read = await toOutputParser(schema).parse([JSON.stringify(wrong)]);
        const validate = compile(schema);
        // Without nulls nothing is restored, so the validator decides about the answer itself.
        if (!JSON.stringify(wrong).includes("null")) expect(read.ok).toBe(validate(wrong));
        if (read.ok) expect(validate(read.value)).toBe(true);
        else expect(validate(wrong)).toBe(false);
      }),
      { numRuns: 80 },
    );
  });
});

const validators = new WeakMap<JsonObject, ValidateFunction>();
const formats = { date: /^\d{4}-\d{2}-\d{2}$/, "json-pointer": /^(?:\/(?:[^~/]|~0|~1)*)*$/ };
const ajv = new Ajv({ strict: false, formats });

function compile(schema: JsonObject): ValidateFunction {
  const known = validators.get(schema) ?? ajv.compile(schema);
  validators.set(schema, known);
  return known;
}

function withoutNulls(value: unknown): unknown {
  const replacer = (_: string, inner: unknown): unknown => {
    if (!isJsonObject(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).filter(([, each]) => each !== null));
  };
  return JSON.parse(JSON.stringify(value, replacer));
}

type Pair = readonly [schema: JsonObject, answer: JsonValue];
type Presence = "required" | "given" | "absent";

const leaf = fc.oneof(
  fc.string().map((value): Pair => [{ type: "string" }, value]),
  fc.string({ minLength: 2, maxLength: 4 }).map((value): Pair => [{ type: "string", minLength: 2 }, value]),
  fc.stringMatching(/^[a-c]{2}$/).map((value): Pair => [{ type: "string", pattern: "^(?!d)[a-c]+$" }, value]),
  fc.constant<Pair>([{ type: "string", format: "json-pointer" }, "/a/~0b"]),
  fc.constant<Pair>([{ type: "string", format: "date" }, "2026-02-03"]),
  fc.boolean().map((value): Pair => [{ type: "boolean" }, value]),
  fc.integer({ min: 1, max: 9 }).map((value): Pair => [{ type: "integer", minimum: 1, maximum: 9 }, value]),
  fc.integer({ min: -3, max: 3 }).map((value): Pair => [{ type: "number", exclusiveMinimum: -4 }, value]),
  fc.constantFrom("x", 1, true).map((value): Pair => [{ enum: ["x", 1, true] }, value]),
  fc.constantFrom("x", "y").map((value): Pair => [{ const: value }, value]),
  fc.constant<Pair>([{ type: ["string", "null"] }, null]),
);

const name = fc.constantFrom("a", "b", "c", "d");

const { objectPair } = fc.letrec<{ pair: Pair; objectPair: Pair }>((tie) => ({
  pair: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    leaf,
    tie("pair").map(([schema, value]): Pair => [{ type: "array", items: schema, minItems: 1 }, [value, value]]),
    fc.tuple(tie("pair"), tie("pair")).map(([[schema, value], [other]]): Pair => [{ anyOf: [schema, other] }, value]),
    fc.tuple(tie("pair"), tie("pair")).map(([[schema, value], [other]]): Pair => [{ anyOf: [other, schema] }, value]),
    // Branches with the same keys and different types.
    fc.tuple(name, tie("pair"), tie("pair")).map(([key, [schema, value], [other]]): Pair => {
      const branch = (inner: JsonObject): JsonObject => ({
        type: "object",
        properties: { [key]: inner, z: { type: "string" } },
        required: [key],
        additionalProperties: false,
      });
      return [{ anyOf: [branch(other), branch(schema)] }, { [key]: value }];
    }),
    fc
      .tuple(fc.uniqueArray(name, { minLength: 1 }), tie("pair"), fc.boolean())
      .map(([keys, [schema, value], all]): Pair => {
        const record = { type: "object", propertyNames: { enum: keys }, additionalProperties: schema };
        const given = all || isNullable(schema) ? keys : keys.slice(1);
        return [all ? { ...record, required: keys } : record, Object.fromEntries(given.map((key) => [key, value]))];
      }),
    tie("objectPair"),
  ),
  objectPair: fc
    .array(fc.tuple(name, tie("pair"), fc.constantFrom<Presence>("required", "given", "absent")), { maxLength: 4 })
    .map((properties): Pair => {
      const unique = [...new Map(properties.map((property) => [property[0], property])).values()];
      const schema = {
        type: "object",
        properties: Object.fromEntries(unique.map(([key, [inner]]) => [key, inner])),
        required: unique.flatMap(([key, , presence]) => (presence === "required" ? [key] : [])),
        additionalProperties: false,
      };
      // The strict form cannot distinguish null from absent if the property may be both. The parser restores null.
      const given = unique.filter(([, [inner], presence]) => presence !== "absent" || isNullable(inner));
      return [
        schema,
        Object.fromEntries(
          given.map(([key, [inner, value], presence]) => [key, presence === "absent" ? nullOr(inner, value) : value]),
        ),
      ];
    }),
}));

function nullOr(schema: JsonObject, value: JsonValue): JsonValue {
  return isNullable(schema) ? null : value;
}

function isNullable({ type, anyOf }: JsonObject): boolean {
  return Array.isArray(type) || (Array.isArray(anyOf) && anyOf.filter(isJsonObject).some(isNullable));
}

/** Returns the answer in the strict form: absent properties are null. Chooses branches by the independent validator. */
function fill(answer: JsonValue, schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return answer;
  const { anyOf, properties, propertyNames, additionalProperties, items } = schema;
  if (Array.isArray(anyOf)) {
    return fill(
      answer,
      anyOf.filter(isJsonObject).find((branch) => compile(branch)(answer)),
    );
  }
  if (Array.isArray(answer)) return answer.map((entry: JsonValue) => fill(entry, items));
  if (!isJsonObject(answer)) return answer;
  const names = isJsonObject(propertyNames) && Array.isArray(propertyNames["enum"]) ? propertyNames["enum"] : [];
  const listed: [string, JsonValue | undefined][] = isJsonObject(properties)
    ? Object.entries(properties)
    : names.map((key) => [String(key), additionalProperties]);
  return Object.fromEntries(
    listed.map(([key, inner]) => [key, key in answer ? fill(answer[key] ?? null, inner) : null]),
  );
}

/** Replaces one property of the object. */
function graft(value: JsonValue, other: JsonValue, at: number): JsonValue {
  if (!isJsonObject(value)) return other;
  const keys = Object.keys(value);
  const key = keys[at % Math.max(keys.length, 1)];
  if (key === undefined) return other;
  const deeper = at % 3 === 0 && isJsonObject(value[key]);
  return { ...value, [key]: deeper ? graft(value[key] ?? null, other, Math.floor(at / 3)) : other };
}
