import { isJsonObject, type JsonValue } from "../../../src/internal/json.js";

/** The text at a path of keys; empty where there is none. */
export function textAt(value: JsonValue | undefined, ...path: readonly string[]): string {
  const [head, ...rest] = path;
  if (head === undefined) return typeof value === "string" ? value : "";
  return isJsonObject(value) ? textAt(value[head], ...rest) : "";
}
