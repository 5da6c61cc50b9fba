import { isJsonObject, type JsonObject, type JsonValue } from "../../src/internal/json.js";

/** A small value that fits a JSON Schema of the kind that models are given: no references, no conditions. */
export function exampleValue(schema: JsonValue): JsonValue {
  if (!isJsonObject(schema)) return null;
  const { const: constant, enum: values, anyOf, type } = schema;
  if (constant !== undefined) return constant;
  if (Array.isArray(values)) return values[0] ?? null;
  if (Array.isArray(anyOf)) return exampleValue(anyOf[0] ?? null);
  switch (Array.isArray(type) ? type[0] : type) {
    case "object":
      return exampleObject(schema);
    case "array":
      return [exampleValue(schema["items"] ?? null)];
    case "string":
      return "src/greeting.js";
    case "integer":
    case "number":
      return typeof schema["minimum"] === "number" ? schema["minimum"] : 1;
    case "boolean":
      return true;
    default:
      return null;
  }
}

function exampleObject({ properties }: JsonObject): JsonObject {
  if (!isJsonObject(properties)) return {};
  return Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, exampleValue(property)]));
}
