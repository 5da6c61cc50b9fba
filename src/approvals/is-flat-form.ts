import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";

/**
 * True for a form as MCP has them: an object of fields that are text, numbers, booleans or choices. A server writes its
 * schema, and what else JSON Schema knows (patterns, references) lets a small one take any time to check. Mirrors
 * `McpElicitationSchema`.
 */
export function isFlatForm({ type, properties, required, ...rest }: JsonObject): boolean {
  const fields = properties === undefined ? [] : isJsonObject(properties) ? Object.values(properties) : [null];
  const names: readonly JsonValue[] = Array.isArray(required) ? required : [];
  return (
    (type === undefined || type === "object") &&
    (required === undefined || (Array.isArray(required) && names.every((name) => typeof name === "string"))) &&
    fields.every((field) => isField(field)) &&
    Object.keys(rest).every((key) => ["$schema", "title", "description", "additionalProperties"].includes(key)) &&
    (rest["additionalProperties"] === undefined || typeof rest["additionalProperties"] === "boolean")
  );
}

function isField(field: JsonValue | undefined): boolean {
  if (!isJsonObject(field)) return false;
  const { items, oneOf, anyOf, ...plain } = field;
  return hasOnly(plain, plainKeys) && isChoice(oneOf) && isChoice(anyOf) && isItems(items);
}

const plainKeys = [
  ...["type", "title", "description", "default", "enum", "enumNames", "const"],
  ...["minLength", "maxLength", "format", "minimum", "maximum", "minItems", "maxItems"],
];
const formats = ["email", "uri", "date", "date-time"];

function isItems(items: JsonValue | undefined): boolean {
  if (items === undefined) return true;
  return isJsonObject(items) && hasOnly(items, ["type", "enum", "anyOf"]) && isChoice(items["anyOf"]);
}

function isChoice(options: JsonValue | undefined): boolean {
  if (options === undefined) return true;
  const list: readonly JsonValue[] = Array.isArray(options) ? options : [null];
  return list.every((option) => isJsonObject(option) && hasOnly(option, ["const", "title"]));
}

function hasOnly(value: JsonObject, keys: readonly string[]): boolean {
  const { format = null } = value;
  if (format !== null && !(typeof format === "string" && formats.includes(format))) return false;
  return Object.keys(value).every((key) => keys.includes(key));
}
