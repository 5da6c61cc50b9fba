import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";

type Field = JsonValue | undefined;

export function readText(value: Field): string | null {
  return typeof value === "string" ? value : null;
}

export function readObject(value: Field): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** The objects of a list; nothing where it is no list. */
export function readObjects(value: Field): readonly JsonObject[] {
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [];
  return list.filter(isJsonObject);
}

/** A list of texts, or null where it is anything else. */
export function readTexts(value: Field): readonly string[] | null {
  const list: readonly JsonValue[] | null = Array.isArray(value) ? value : null;
  const texts = list?.filter((entry) => typeof entry === "string") ?? [];
  return list !== null && texts.length === list.length ? texts : null;
}
