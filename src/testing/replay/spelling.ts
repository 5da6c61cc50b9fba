import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";

/** Converts texts of this machine to those of a recording, and back. */
export interface Spelling {
  readonly toRecorded: (text: string) => string;
  readonly toLive: (text: string) => string;
}

/** Creates the conversions of the recorder's option `replace`, whose keys are the texts of this machine. */
export function createSpelling(replace: Readonly<Record<string, string>> = {}): Spelling {
  const pairs = Object.entries(replace);
  return {
    toRecorded: createReplacer(pairs),
    toLive: createReplacer(pairs.map(([live, recorded]) => [recorded, live])),
  };
}

/** Returns the value with each of its texts converted. */
export function respell<Value extends JsonValue | undefined>(value: Value, spell: (text: string) => string): Value;
export function respell(value: JsonValue | undefined, spell: (text: string) => string): JsonValue | undefined {
  if (typeof value === "string") return spell(value);
  if (Array.isArray(value)) return value.map((part: JsonValue) => respell(part, spell));
  return isJsonObject(value) ? respellObject(value, spell) : value;
}

function respellObject(value: JsonObject, spell: (text: string) => string): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [spell(key), respell(inner, spell)]));
}

/** Replaces the longest texts first, like the recorder. */
function createReplacer(pairs: readonly (readonly [from: string, to: string])[]): (text: string) => string {
  const longestFirst = pairs.filter(([from]) => from !== "").sort(([a], [b]) => b.length - a.length);
  return (text) => longestFirst.reduce((spelled, [from, to]) => spelled.replaceAll(from, () => to), text);
}
