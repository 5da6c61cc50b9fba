import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";

/** How texts of this run are spelled in a recording, and the other way round. */
export interface Spelling {
  readonly toRecorded: (text: string) => string;
  readonly toLive: (text: string) => string;
}

/** What `replace` of the recorder wrote differently is read back by the same `replace`. */
export function createSpelling(replace: Readonly<Record<string, string>> = {}): Spelling {
  const pairs = Object.entries(replace);
  return {
    toRecorded: createReplacer(pairs),
    toLive: createReplacer(pairs.map(([live, recorded]) => [recorded, live])),
  };
}

/** The value with each of its texts spelled anew. */
export function respell<Value extends JsonValue | undefined>(value: Value, spell: (text: string) => string): Value;
export function respell(value: JsonValue | undefined, spell: (text: string) => string): JsonValue | undefined {
  if (typeof value === "string") return spell(value);
  if (Array.isArray(value)) return value.map((part: JsonValue) => respell(part, spell));
  return isJsonObject(value) ? respellObject(value, spell) : value;
}

function respellObject(value: JsonObject, spell: (text: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [spell(key), respell(inner, spell)]));
}

/** The longest text is looked for first, as the recorder does it. */
function createReplacer(pairs: readonly (readonly [from: string, to: string])[]): (text: string) => string {
  const longestFirst = pairs.filter(([from]) => from !== "").sort(([a], [b]) => b.length - a.length);
  return (text) => longestFirst.reduce((spelled, [from, to]) => spelled.replaceAll(from, () => to), text);
}
