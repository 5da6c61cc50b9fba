import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, isList, type JsonObject, type JsonValue } from "../../internal/json.js";
import { checkReference, followReference } from "../../tools/schema/schema-reference.js";
import { isPattern } from "../../tools/schema/wire-schema.js";
import { withoutWrapper } from "./restore-optional.js";
import { toStrictKeywords } from "./strict-keywords.js";

/** Keywords that the strict form does not support. */
const unsupported = [
  ...["allOf", "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "dependencies"],
  ...["patternProperties", "unevaluatedProperties", "prefixItems", "contains", "unevaluatedItems"],
];

/**
 * Returns the schema in the form that the Responses API accepts with `strict`, which codex always sets: every object is
 * closed, every property is required, and optional properties are nullable instead. A constraint that the service does not
 * support becomes a part of the description. Throws an `OptionError` (`INVALID_SCHEMA`) with the path of the part that has no
 * such form. Mirrors OpenAI's structured outputs.
 */
export function toStrictSchema(schema: JsonObject): JsonObject {
  if (schema["type"] !== "object") throw refusal("", "its answer must be an object at the top");
  return toStrict(schema, { root: schema, path: "" });
}

/** The position of a part of a schema. */
interface Place {
  readonly root: JsonObject;
  readonly path: string;
}

function toStrict(given: JsonValue | undefined, place: Place): JsonObject {
  const node = withoutWrapper(given);
  if (node === null) throw refusal(place.path, "there is no schema object");
  checkNode(node, place);
  // A reference must stand alone.
  if (node["$ref"] !== undefined) return { $ref: node["$ref"] };
  const properties = isOfType(node, "object") ? listedProperties(node, place.root) : {};
  if (properties === null) throw refusal(place.path, openProblem, openAdvice);
  const keyword = unsupported.find((name) => node[name] !== undefined);
  if (keyword !== undefined) throw refusal(place.path, `it uses \`${keyword}\``);
  if (!["type", "anyOf", "oneOf", "enum", "const"].some((name) => node[name] !== undefined))
    throw refusal(place.path, "it allows anything");
  const anyOf = node["oneOf"] ?? node["anyOf"];
  return {
    ...toStrictKeywords(node),
    ...(anyOf === undefined
      ? {}
      : { anyOf: toList(anyOf).map((branch, index) => toStrict(branch, at(place, `anyOf.${index}`))) }),
    ...toStrictTable(node, "$defs", place),
    ...toStrictTable(node, "definitions", place),
    ...(isOfType(node, "object") ? toStrictObject({ ...node, properties }, place) : {}),
    ...(isOfType(node, "array") ? { items: toStrict(node["items"], at(place, "items")) } : {}),
  };
}

/** Throws for parts that no answer could be checked against. */
function checkNode({ $ref, pattern }: JsonObject, { root, path }: Place): void {
  const problem = $ref === undefined ? null : checkReference($ref, root);
  if (problem !== null) throw refusal(path, `its \`$ref\` ${problem}`);
  if (pattern !== undefined && !isPattern(pattern)) throw refusal(path, "its `pattern` is not a regular expression");
}

/** Returns the properties of an object, or null if it may have properties that the schema does not list. */
function listedProperties(node: JsonObject, root: JsonObject): JsonObject | null {
  const { properties = {}, additionalProperties = false, patternProperties, propertyNames } = node;
  if (patternProperties !== undefined || !isJsonObject(properties)) return null;
  if (additionalProperties === false) return node["properties"] === undefined ? null : properties;
  const names = namesIn(propertyNames, root);
  if (names === null) return null;
  return Object.fromEntries(
    names.map((name) => [name, Object.hasOwn(properties, name) ? properties[name] : additionalProperties]),
  );
}

/** Returns the texts that a schema of names allows, or null if they are not listed. */
function namesIn(given: JsonValue | undefined, root: JsonObject): readonly string[] | null {
  if (!isJsonObject(given)) return null;
  const { $ref } = given;
  if (typeof $ref === "string")
    return checkReference($ref, root) === null ? namesIn(followReference($ref, root), root) : null;
  const branches = given["anyOf"] ?? given["oneOf"];
  if (branches !== undefined) {
    const names = toList(branches).map((branch) => namesIn(branch, root));
    return names.some((list) => list === null) ? null : names.flatMap((list) => list ?? []);
  }
  const values = isList(given["enum"]) ? given["enum"] : given["const"] === undefined ? null : [given["const"]];
  return values === null ? null : values.filter((value) => typeof value === "string");
}

const openProblem = "it is an object whose properties are not all listed, such as a record (`z.record()`)";
const openAdvice =
  "Codex accepts only listed properties: list them, such as by `z.record(z.enum([...]), ...)`, or use an array of objects with a key and a value, such as `z.array(z.object({ key: z.string(), value: ... }))`.";

function toStrictObject(
  { properties, ...node }: JsonObject & { readonly properties: JsonObject },
  place: Place,
): JsonObject {
  const required = toList(node["required"] ?? []);
  const strict = Object.entries(properties).map(([name, property]): [string, JsonObject] => {
    const inner = toStrict(property, at(place, `properties.${name}`));
    return [name, required.includes(name) ? inner : { anyOf: [inner, { type: "null" }] }];
  });
  return {
    properties: Object.fromEntries(strict),
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

function toStrictTable(node: JsonObject, name: string, place: Place): JsonObject {
  const { [name]: table } = node;
  if (!isJsonObject(table)) return {};
  const entries: Record<string, JsonObject> = {};
  for (const [key, inner] of Object.entries(table)) entries[key] = toStrict(inner, at(place, `${name}.${key}`));
  return { [name]: entries };
}

function at({ root, path }: Place, part: string): Place {
  return { root, path: `${path}.${part}` };
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
