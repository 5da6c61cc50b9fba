import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, isList, type JsonObject, type JsonValue } from "../../internal/json.js";
import { restoreOptional, withoutWrapper } from "./restore-optional.js";

/** The strict form of a schema, and the conversion of an answer back to the given schema. */
export interface StrictSchema {
  readonly jsonSchema: JsonObject;
  /** Returns the answer in the form of the given schema: without optional properties that the model answered with null. */
  restore(answer: JsonValue): JsonValue;
}

/** Keywords that the strict form does not support. */
const unsupported = [
  ...["allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"],
  ...["patternProperties", "propertyNames", "unevaluatedProperties", "prefixItems", "contains", "unevaluatedItems"],
];

/**
 * Returns the schema in the form that the Responses API accepts with `strict`, which codex always sets: every object is
 * closed, every property is required, and optional properties are nullable instead. Throws an `OptionError`
 * (`INVALID_SCHEMA`) with the path of the part that has no such form. Mirrors OpenAI's structured outputs.
 */
export function toStrictSchema(schema: JsonObject): StrictSchema {
  if (schema["type"] !== "object") throw refusal("", "its answer must be an object at the top");
  const jsonSchema = toStrict(schema, "");
  return { jsonSchema, restore: (answer) => restoreOptional(answer, schema, schema) };
}

function toStrict(given: JsonValue | undefined, path: string): JsonObject {
  const node = withoutWrapper(given);
  if (node === null) throw refusal(path, "there is no schema object");
  // A reference must stand alone.
  if (node["$ref"] !== undefined) return { $ref: node["$ref"] };
  const properties = isOfType(node, "object") ? listedProperties(node) : {};
  if (properties === null) throw refusal(path, openProblem, openAdvice);
  const keyword = unsupported.find((name) => node[name] !== undefined);
  if (keyword !== undefined) throw refusal(path, `it uses \`${keyword}\``);
  if (!["type", "anyOf", "oneOf", "enum", "const"].some((name) => node[name] !== undefined))
    throw refusal(path, "it allows anything");
  const { default: _, oneOf, ...rest } = node;
  const anyOf = oneOf ?? rest["anyOf"];
  return {
    ...rest,
    ...(anyOf === undefined
      ? {}
      : { anyOf: toList(anyOf).map((branch, at) => toStrict(branch, `${path}.anyOf.${at}`)) }),
    ...toStrictTable(node, "$defs", path),
    ...toStrictTable(node, "definitions", path),
    ...(isOfType(node, "object") ? toStrictObject({ ...node, properties }, path) : {}),
    ...(isOfType(node, "array") ? { items: toStrict(node["items"], `${path}.items`) } : {}),
  };
}

/** Returns the properties of an object, or null if it may have properties that the schema does not list. */
function listedProperties({
  properties,
  additionalProperties = false,
  patternProperties,
}: JsonObject): JsonObject | null {
  if (additionalProperties !== false || patternProperties !== undefined || !isJsonObject(properties)) return null;
  return properties;
}

const openProblem = "it is an object whose properties are not all listed, such as a record (`z.record()`)";
const openAdvice =
  "Codex accepts only listed properties: list them, or use an array of objects with a key and a value, such as `z.array(z.object({ key: z.string(), value: ... }))`.";

function toStrictObject(
  { properties, ...node }: JsonObject & { readonly properties: JsonObject },
  path: string,
): JsonObject {
  const required = toList(node["required"] ?? []);
  const strict = Object.entries(properties).map(([name, property]): [string, JsonObject] => {
    const inner = toStrict(property, `${path}.properties.${name}`);
    return [name, required.includes(name) ? inner : { anyOf: [inner, { type: "null" }] }];
  });
  return {
    properties: Object.fromEntries(strict),
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function toStrictTable(node: JsonObject, name: string, path: string): JsonObject {
  const { [name]: table } = node;
  if (!isJsonObject(table)) return {};
  const entries: Record<string, JsonObject> = {};
  for (const [key, inner] of Object.entries(table)) entries[key] = toStrict(inner, `${path}.${name}.${key}`);
  return { [name]: entries };
}

function isOfType({ type }: JsonObject, name: string): boolean {
  return type === name || (type !== undefined && toList(type).includes(name));
}

function toList(value: JsonValue): readonly JsonValue[] {
  return isList(value) ? value : [];
}

function refusal(
  path: string,
  problem: string,
  advice = "Codex accepts only strict schemas, as OpenAI's structured outputs define them.",
): OptionError {
  const at = path === "" ? "" : `at \`${path.slice(1)}\`, `;
  return new OptionError(
    "INVALID_SCHEMA",
    "outputSchema",
    `The \`outputSchema\` cannot be used: ${at}${problem}. ${advice}`,
  );
}
