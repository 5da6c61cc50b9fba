import type { JsonObject } from "../../internal/json.js";

/** Names of one wire and what the domain calls them. */
export type Names = Readonly<Record<string, string>>;

/**
 * The name on the other side, whichever side this is: both directions of the table at once. So it is its own inverse,
 * and no two names ever become one, also where a line holds both spellings.
 */
export function swapName(names: Names, name: string): string {
  if (Object.hasOwn(names, name)) return names[name] ?? name;
  return Object.entries(names).find(([, other]) => other === name)?.[0] ?? name;
}

/** `swapName` for every key of an object. */
export function swapKeys(names: Names, object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [swapName(names, key), value]));
}
