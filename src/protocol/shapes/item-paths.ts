import { isJsonObject, isList, type JsonValue } from "../../internal/json.js";

/** A parsed path: keys, and `[]` for every element of a list. */
export type ItemPath = readonly string[];

/** Parses the paths of one method in `generated/shapes.ts`, which are separated by spaces. */
export function parseItemPaths(text: string | undefined): readonly ItemPath[] {
  if (text === undefined) return [];
  return text.split(" ").map((path) => path.replaceAll("[]", ".[]").split("."));
}

/** Returns the value with every item at the path replaced. Unchanged parts are shared, not copied. */
export function mapItems(value: JsonValue, path: ItemPath, replace: (item: JsonValue) => JsonValue): JsonValue {
  const [head, ...rest] = path;
  if (head === undefined) return replace(value);
  if (head === "[]") {
    if (!isList(value)) return value;
    const mapped = value.map((element) => mapItems(element, rest, replace));
    return mapped.some((element, index) => element !== value[index]) ? mapped : value;
  }
  const child = isJsonObject(value) ? value[head] : undefined;
  if (!isJsonObject(value) || child === undefined) return value;
  const mapped = mapItems(child, rest, replace);
  return mapped === child ? value : { ...value, [head]: mapped };
}
