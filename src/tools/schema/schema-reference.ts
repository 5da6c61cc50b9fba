import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";

/** Returns the problem of a `$ref`, or `null`. codex passes on any `$ref`, and the model's service refuses one without a target. */
export function checkReference(ref: JsonValue, root: JsonObject): string | null {
  const seen = new Set<JsonValue>();
  for (let current: JsonValue | undefined = ref; current !== undefined;) {
    if (seen.has(current)) return "refers to itself";
    seen.add(current);
    if (typeof current !== "string" || !/^#(\/|$)/.test(current))
      return "must refer to a part of this schema, such as `#/$defs/x`";
    const target = followReference(current, root);
    if (target === undefined) return `has no target: there is no \`${current}\``;
    current = isJsonObject(target) ? target["$ref"] : undefined;
  }
  return null;
}

/** Returns the part of the schema to which a `$ref` points, or undefined if there is none. */
export function followReference(pointer: string, root: JsonObject): JsonValue | undefined {
  let place: JsonValue | undefined = root;
  for (const key of pointer.split("/").slice(1).map(decode)) {
    place = hasKey(place, key) ? place[key] : undefined;
  }
  return place;
}

/** The key of a list element is its index. */
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
