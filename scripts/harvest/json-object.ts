import type { JsonObject, JsonValue } from "../../src/protocol/index.js";

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one for anything else. */
export function toObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}
