import { isJsonObject, type JsonObject, type JsonValue } from "../../src/internal/json.js";

/** Returns a small value that fits a JSON Schema without references and conditions. */
export function exampleValue(schema: JsonValue | undefined): JsonValue {
  if (!isJsonObject(schema)) return null;
  const { const: constant, enum: values, anyOf, type, minimum } = schema;
  if (constant !== undefined) return constant;
  if (values !== undefined) return firstOf(values);
  if (anyOf !== undefined) return exampleValue(firstOf(anyOf));
  switch (type === undefined ? undefined : firstOf(type)) {
    case "object":
      return exampleObject(schema);
    case "array":
      return [exampleValue(schema["items"])];
    case "string":
      return "src/greeting.js";
    case "integer":
    case "number":
      return typeof minimum === "number" ? Math.max(minimum, 1) : 1;
    case "boolean":
      return true;
    default:
      return null;
  }
}

function exampleObject({ properties }: JsonObject): JsonObject {
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => [name, exampleValue(property ?? null)]),
  );
}

/** Returns the first element of a list, or the value itself. */
function firstOf(values: JsonValue): JsonValue {
  return isList(values) ? (values[0] ?? null) : values;
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
