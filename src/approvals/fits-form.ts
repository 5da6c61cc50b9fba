import { asList, isJsonObject, isList, type JsonObject, type JsonValue } from "../internal/json.js";

/**
 * Returns true if the content fits a form for which `isFlatForm` returns true. It checks every keyword of such a form in
 * linear time, because a foreign server wrote the schema. Mirrors `McpElicitationSchema`.
 */
export function fitsForm(content: JsonObject, { properties, required, additionalProperties }: JsonObject): boolean {
  const fields = isJsonObject(properties) ? properties : {};
  if (!asList(required).every((name) => typeof name === "string" && Object.hasOwn(content, name))) return false;
  return Object.entries(content).every(([name, value]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!isJsonObject(field)) return additionalProperties !== false;
    return value !== undefined && fitsField(value, field);
  });
}

function fitsField(value: JsonValue, field: JsonObject): boolean {
  const { type, items, oneOf, anyOf } = field;
  if (type !== undefined && !isOfType(value, type)) return false;
  if (!isChosen(value, field) || !fitsChoices(value, anyOf) || !fitsOne(value, oneOf)) return false;
  if (typeof value === "string") return fitsText(value, field);
  if (typeof value === "number") return isWithin(value, field["minimum"], field["maximum"]);
  if (!isList(value)) return true;
  return isWithin(value.length, field["minItems"], field["maxItems"]) && value.every((entry) => fitsItem(entry, items));
}

function fitsItem(value: JsonValue, items: JsonValue | undefined): boolean {
  if (!isJsonObject(items)) return true;
  const { type, anyOf } = items;
  if (type !== undefined && !isOfType(value, type)) return false;
  return isChosen(value, items) && fitsChoices(value, anyOf);
}

function isOfType(value: JsonValue, type: JsonValue): boolean {
  if (isList(type)) return type.some((each) => isOfType(value, each));
  switch (type) {
    case "string":
    case "number":
    case "boolean":
      return typeof value === type;
    case "integer":
      return typeof value === "number" && Number.isInteger(value);
    case "array":
      return isList(value);
    case "object":
      return isJsonObject(value);
    case "null":
      return value === null;
    default:
      return false;
  }
}

function isChosen(value: JsonValue, { enum: choices, const: only }: JsonObject): boolean {
  if (only !== undefined && !isSame(value, only)) return false;
  return choices === undefined || asList(choices).some((choice) => isSame(value, choice));
}

function fitsChoices(value: JsonValue, choices: JsonValue | undefined): boolean {
  return choices === undefined || countOf(value, choices) > 0;
}

function fitsOne(value: JsonValue, choices: JsonValue | undefined): boolean {
  return choices === undefined || countOf(value, choices) === 1;
}

/** Counts the matching choices. A choice is a constant with a title; one without a constant matches every value. */
function countOf(value: JsonValue, choices: JsonValue): number {
  return asList(choices).filter(
    (choice) => isJsonObject(choice) && (choice["const"] === undefined || isSame(value, choice["const"])),
  ).length;
}

function fitsText(value: string, { minLength, maxLength, format }: JsonObject): boolean {
  return (
    isWithin(Array.from(value).length, minLength, maxLength) && (typeof format !== "string" || isFormat(value, format))
  );
}

function isFormat(value: string, format: string): boolean {
  switch (format) {
    case "email":
      return /^[^@\s]{1,64}@[^@\s]{1,255}$/.test(value);
    case "uri":
      return /^[a-z][a-z0-9+.-]*:\S+$/i.test(value) && URL.canParse(value);
    case "date":
      return isDay(value);
    case "date-time":
      return isDay(value.slice(0, 10)) && /^[t ]\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i.test(value.slice(10));
    default:
      return false;
  }
}

/** Returns true for a day that exists: the calendar does not change its date. */
function isDay(value: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(value)) return false;
  const day = new Date(`${value}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(value);
}

function isWithin(size: number, least: JsonValue | undefined, most: JsonValue | undefined): boolean {
  return (typeof least !== "number" || size >= least) && (typeof most !== "number" || size <= most);
}

function isSame(one: JsonValue, other: JsonValue): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}

/**
 * Returns true for a form that MCP allows: an object whose fields are strings, numbers, booleans or choices. Other keywords
 * of JSON Schema (patterns, references) would let a server write a schema that takes unlimited time to check. Mirrors
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
