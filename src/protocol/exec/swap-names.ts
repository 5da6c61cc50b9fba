import type { JsonObject } from "../../internal/json.js";

/** Names of one wire with their names in the domain. */
export type Names = Readonly<Record<string, string>>;

/**
 * Returns the name on the other side, for a name of either side. So the function is its own inverse, and two names never
 * become one, even if a line has both spellings.
 */
export function swapName(names: Names, name: string): string {
  if (Object.hasOwn(names, name)) return names[name] ?? name;
  return Object.entries(names).find(([, other]) => other === name)?.[0] ?? name;
}

/** Applies `swapName` to every key of an object. */
export function swapKeys(names: Names, object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [swapName(names, key), value]));
}
