import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";

/** What is wrong with a `$ref`, or null. Codex passes on any, and the model's service refuses what leads nowhere. */
export function checkReference(ref: JsonValue, root: JsonObject): string | null {
  const seen = new Set<JsonValue>();
  for (let current: JsonValue | undefined = ref; current !== undefined;) {
    if (seen.has(current)) return "leads back to itself";
    seen.add(current);
    if (typeof current !== "string" || !/^#(\/|$)/.test(current))
      return "must lead to a part of this schema, as `#/$defs/x` does";
    const target = follow(current, root);
    if (target === undefined) return `leads nowhere: there is no \`${current}\``;
    current = isJsonObject(target) ? target["$ref"] : undefined;
  }
  return null;
}

function follow(pointer: string, root: JsonObject): JsonValue | undefined {
  let place: JsonValue | undefined = root;
  for (const key of pointer.split("/").slice(1).map(decode)) {
    place = hasKey(place, key) ? place[key] : undefined;
  }
  return place;
}

/** An element of a list is found by its number. */
function hasKey(value: JsonValue | undefined, key: string): value is JsonObject {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key);
}

function decode(key: string): string {
  try {
    return decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return key;
  }
}
