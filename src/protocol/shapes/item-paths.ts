import { isJsonObject, isList, type JsonValue } from "../../internal/json.js";

/** A parsed path: keys, and `[]` for every element of a list. */
export type ItemPath = readonly string[];

/** Parses the paths of one method in `generated/shapes.ts`, which are separated by spaces. */
export function parseItemPaths(text: string | undefined): readonly ItemPath[] {
  if (text === undefined) return [];
  return text.split(" ").map((path) => path.replaceAll("[]", ".[]").split("."));
}

/**
 * Returns the value with every item at the path replaced, from the key `at` of the path on. Unchanged parts are shared, not
 * copied. No closures and no parts of the path: it runs for every item of a turn.
 */
export function mapItems(value: JsonValue, path: ItemPath, replace: (item: JsonValue) => JsonValue, at = 0): JsonValue {
  const head = path[at];
  if (head === undefined) return replace(value);
  if (head === "[]") return isList(value) ? mapElements(value, path, replace, at + 1) : value;
  const child = isJsonObject(value) ? value[head] : undefined;
  if (!isJsonObject(value) || child === undefined) return value;
  const mapped = mapItems(child, path, replace, at + 1);
  return mapped === child ? value : { ...value, [head]: mapped };
}

function mapElements(
  list: readonly JsonValue[],
  path: ItemPath,
  replace: (item: JsonValue) => JsonValue,
  at: number,
): readonly JsonValue[] {
  let copy: JsonValue[] | undefined;
  for (const [index, element] of list.entries()) {
    const mapped = mapItems(element, path, replace, at);
    if (mapped !== element) (copy ??= [...list])[index] = mapped;
  }
  return copy ?? list;
}
