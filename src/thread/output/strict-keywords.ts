import { isList, type JsonObject, type JsonValue } from "../../internal/json.js";

/**
 * Returns the keywords of a schema without its subschemas in the form that the service supports with `strict`. The service
 * refuses other constraints, so they become part of the description, for the model. The answer is checked against the given
 * schema. https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export function toStrictKeywords(node: JsonObject): JsonObject {
  const kept: [string, JsonValue][] = [];
  const notes: string[] = [];
  for (const [name, value] of Object.entries(node)) {
    if (value === undefined) continue;
    if (isSupported(name, value)) kept.push([name, value]);
    else if (constraints.has(name)) notes.push(...noteOf(name, value));
  }
  return { ...typeOf(node), ...Object.fromEntries(kept), ...descriptionOf(node, notes) };
}

function isSupported(name: string, value: JsonValue): boolean {
  if (name === "pattern") return typeof value === "string" && !unsupportedPattern.test(value);
  if (name === "format") return typeof value === "string" && formats.has(value);
  // Draft 4 has booleans here.
  if (name.startsWith("exclusive")) return typeof value === "number";
  return supported.has(name);
}

const supported = new Set([
  ...["$schema", "title", "type", "enum", "const"],
  ...["multipleOf", "maximum", "minimum", "minItems", "maxItems"],
]);

const formats = new Set(["date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"]);

/** Matches lookaround and back references outside of escapes. The service refuses lookaround with status 400. */
const unsupportedPattern = /^(?:[^\\]|\\[^\dk])*?(?:\(\?<?[=!]|\\[1-9k])/s;

/** Constraints that are sent as a part of the description. */
const constraints = new Set([
  ...["pattern", "format", "contentEncoding", "contentMediaType", "minLength", "maxLength"],
  ...["exclusiveMaximum", "exclusiveMinimum", "uniqueItems", "minProperties", "maxProperties", "examples"],
]);

/** Longer values are left out of the description. */
const maxValueLength = 500;

function noteOf(name: string, value: JsonValue): string[] {
  const text = JSON.stringify(value);
  return value === false || text.length > maxValueLength ? [] : [`${name}: ${text}`];
}

function descriptionOf({ description }: JsonObject, notes: readonly string[]): JsonObject {
  const lead = typeof description === "string" ? [description] : [];
  const parts = notes.length === 0 ? lead : [...lead, `(${notes.join(", ")})`];
  return parts.length === 0 ? {} : { description: parts.join(" ") };
}

/** The service requires a type beside `enum` and `const`. */
function typeOf(node: JsonObject): JsonObject {
  if (node["type"] !== undefined) return {};
  const values = isList(node["enum"]) ? node["enum"] : node["const"] === undefined ? [] : [node["const"]];
  const types = [...new Set(values.map(nameOfType))];
  const [first] = types;
  return first === undefined ? {} : { type: types.length === 1 ? first : types };
}

function nameOfType(value: JsonValue): string {
  return value === null ? "null" : isList(value) ? "array" : typeof value;
}
