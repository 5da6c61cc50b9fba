import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { checkReference } from "./schema-reference.js";

/** The maximum nesting. At 124 levels the app-server's parser fails, and the app-server never answers. */
const maxDepth = 100;

/**
 * Returns a tool's JSON Schema in a form that codex passes to the model with the same meaning. codex (0.169.0) converts an
 * `enum` without a type, `true` and a tuple to `string`, drops most constraints, and treats an invalid schema as one that
 * allows everything. This function adds the types, converts tuples to lists and adds the constraints to the description.
 * Throws an `OptionError` (`INVALID_SCHEMA`), with the path, for an invalid schema. `option` is a noun phrase for the message,
 * such as `parameters of the tool add`.
 */
export function toWireSchema(schema: JsonObject, option: string): JsonObject {
  const top =
    schema["type"] === undefined && isJsonObject(schema["properties"]) ? { ...schema, type: "object" } : schema;
  const place: Place = { root: top, option, path: "" };
  if (isDeeperThan(maxDepth, top))
    throw refusal(place, `is nested deeper than ${maxDepth} levels, which codex cannot read`);
  if (top["type"] !== "object") {
    throw refusal(place, 'must have `type: "object"` at its top; put another value into a property of an object');
  }
  return { properties: {}, ...toWireNode(top, place) };
}

/** The position of a part of a schema. */
interface Place {
  readonly root: JsonObject;
  readonly option: string;
  readonly path: string;
}

function toWireNode(node: JsonValue | undefined, place: Place): JsonObject {
  if (typeof node === "boolean") return node ? {} : { not: {} };
  if (!isJsonObject(node)) throw refusal(place, "is not a schema: it must be an object or a boolean");
  checkNode(node, place);
  const wire: Record<string, JsonValue> = {};
  for (const [key, value] of Object.entries(node)) {
    if (value === undefined) continue;
    // A property may have the name `__proto__`.
    Object.defineProperty(wire, key, { value: toWireValue(key, value, place), enumerable: true, configurable: true });
  }
  return withConstraints({ ...wire, ...missingType(node), ...toItems(node, place) }, node);
}

function toWireValue(key: string, value: JsonValue, place: Place): JsonValue {
  const inner = at(place, key);
  switch (key) {
    case "properties":
    case "$defs":
    case "definitions":
      return toWireTable(value, inner);
    case "anyOf":
    case "oneOf":
    case "allOf":
      if (!Array.isArray(value) || value.length === 0) throw refusal(inner, "must be a list of schemas");
      return value.map((option: JsonValue, index) => toWireNode(option, at(inner, String(index))));
    case "additionalProperties":
      return typeof value === "boolean" ? value : toWireNode(value, inner);
    default:
      return value;
  }
}

function toWireTable(value: JsonValue, place: Place): JsonObject {
  if (!isJsonObject(value)) throw refusal(place, "must be an object of schemas");
  const entries = Object.entries(value).filter(([, schema]) => schema !== false);
  return Object.fromEntries(entries.map(([name, schema]) => [name, toWireNode(schema, at(place, name))]));
}

/** codex treats a value without a type as a string. */
function missingType(node: JsonObject): JsonObject {
  if (node["type"] !== undefined) return {};
  const values = Array.isArray(node["enum"]) ? node["enum"] : node["const"] === undefined ? [] : [node["const"]];
  const types = [...new Set(values.map(typeOf))];
  const [first] = types;
  return first === undefined ? {} : { type: types.length === 1 ? first : types };
}

function typeOf(value: JsonValue): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

/** codex does not support tuples: the schemas of the positions become alternatives for every element. */
function toItems(node: JsonObject, place: Place): JsonObject {
  const { items, prefixItems, type } = node;
  const tuple = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : null;
  if (tuple !== null) {
    const inner = at(place, Array.isArray(prefixItems) ? "prefixItems" : "items");
    return { items: { anyOf: tuple.map((each: JsonValue, index) => toWireNode(each, at(inner, String(index)))) } };
  }
  if (items !== undefined) return { items: toWireNode(items, at(place, "items")) };
  const isArray = type === "array" || (Array.isArray(type) && type.includes("array"));
  return isArray ? { items: {} } : {};
}

/** Throws for parts that codex would refuse without their path, or treat as a schema that allows everything. */
function checkNode(node: JsonObject, place: Place): void {
  const { type, description, required, pattern, $ref } = node;
  if (type !== undefined && !isType(type))
    throw refusal(at(place, "type"), `must be one or more of ${typeNames.join(", ")}`);
  if (description !== undefined && typeof description !== "string")
    throw refusal(at(place, "description"), "must be a string");
  if (node["enum"] !== undefined && !(Array.isArray(node["enum"]) && node["enum"].length > 0)) {
    throw refusal(at(place, "enum"), "must be a list of values");
  }
  if (required !== undefined && !(Array.isArray(required) && required.every((name) => typeof name === "string"))) {
    throw refusal(at(place, "required"), "must be a list of names");
  }
  if (pattern !== undefined && !isPattern(pattern)) throw refusal(at(place, "pattern"), "is not a regular expression");
  const problem = $ref === undefined ? null : checkReference($ref, place.root);
  if (problem !== null) throw refusal(at(place, "$ref"), problem);
}

const typeNames = ["array", "boolean", "integer", "null", "number", "object", "string"];
const types: readonly JsonValue[] = typeNames;

function isType(type: JsonValue): boolean {
  const list: readonly JsonValue[] = Array.isArray(type) ? type : [type];
  return list.length > 0 && list.every((each) => types.includes(each));
}

/** Whether the value is a regular expression of ECMAScript with the flag `u`, as JSON Schema requires. */
export function isPattern(pattern: JsonValue): boolean {
  try {
    return typeof pattern === "string" && new RegExp(pattern, "u").source !== "";
  } catch {
    return false;
  }
}

function isDeeperThan(levels: number, value: JsonValue | undefined): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || childrenOf(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function childrenOf(value: readonly JsonValue[] | JsonObject): readonly (JsonValue | undefined)[] {
  const children: readonly (JsonValue | undefined)[] = Object.values(value);
  return children;
}

function at(place: Place, key: string): Place {
  return { ...place, path: `${place.path}.${key}` };
}

function refusal({ option, path }: Place, problem: string): OptionError {
  const part = path === "" ? "it" : `\`${path.slice(1)}\``;
  return new OptionError(
    "INVALID_SCHEMA",
    option,
    `The JSON Schema of the ${option} cannot be used: ${part} ${problem}.`,
  );
}

/** Keywords that codex drops before the model sees the schema. codexkit still validates them. */
const dropped = [
  ...["minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"],
  ...["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  ...["maxItems", "uniqueItems", "contains", "minContains", "maxContains", "prefixItems"],
  ...["minProperties", "maxProperties", "patternProperties", "propertyNames", "dependentRequired"],
  ...["not", "default"],
];

/** The maximum length of a keyword's value in the description. */
const maxValueLength = 120;

/** Adds the constraints that codex would drop to the description, so that the model knows them. */
function withConstraints(wire: JsonObject, source: JsonObject): JsonObject {
  const notes = dropped.flatMap((keyword) => noteOf(keyword, source[keyword]));
  if (notes.length === 0) return wire;
  const { description } = source;
  const lead = typeof description === "string" && description !== "" ? `${description} ` : "";
  return { ...wire, description: `${lead}(${notes.join(", ")})` };
}

function noteOf(keyword: string, value: JsonValue | undefined): string[] {
  if (value === undefined || (typeof value === "number" && isIntegerBound(keyword, value))) return [];
  const text = JSON.stringify(value);
  return text.length > maxValueLength ? [] : [`${keyword}: ${text}`];
}

/** zod writes these limits for every integer. */
function isIntegerBound(keyword: string, value: number): boolean {
  return (keyword === "minimum" || keyword === "maximum") && Math.abs(value) === Number.MAX_SAFE_INTEGER;
}
