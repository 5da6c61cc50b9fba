import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";

type Field = JsonValue | undefined;

export function readText(value: Field): string | null {
  return typeof value === "string" ? value : null;
}

export function readObject(value: Field): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** Returns the objects of a list, or an empty list for any other value. */
export function readObjects(value: Field): readonly JsonObject[] {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [];
  return list.filter(isJsonObject);
}

/** Returns a list of strings, or `null` for any other value. */
export function readTexts(value: Field): readonly string[] | null {
  const list: readonly JsonValue[] | null = Array.isArray(value) ? value : null;
  const texts = list?.filter((entry) => typeof entry === "string") ?? [];
  return list !== null && texts.length === list.length ? texts : null;
}
