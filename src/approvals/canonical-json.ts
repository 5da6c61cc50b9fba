import type { JsonValue } from "../internal/json.js";

/** One text for equal values, whatever the order of their keys. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).flatMap(([key, entry]) =>
    entry === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(entry)}`],
  );
  return `{${entries.sort().join(",")}}`;
}

/** `Array.isArray` does not see that the rest is an object where a list is read-only. */
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
