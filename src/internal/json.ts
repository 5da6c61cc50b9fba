/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; a key may be absent. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** True for an object that is neither null nor a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for an object literal of any realm, or an object without a prototype. */
export function isPlainObject(value: unknown): value is object {
  if (!isJsonObject(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // `Object.prototype` of any realm is the only prototype that has none itself.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Returns the parsed value, or undefined if the text is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- JSON.parse returns a JSON value
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** Returns a value as JSON has it, without the fields that are undefined. Returns null if it is no JSON value at all. */
export function toJson(value: unknown): JsonValue {
  const text: unknown = JSON.stringify(value);
  return typeof text === "string" ? (parseJson(text) ?? null) : null;
}

/**
 * Returns a value as JSON text in which every string is well-formed Unicode: half of a surrogate pair becomes U+FFFD.
 * `JSON.stringify` writes it as an escape, such as `\ud83d`, that strict readers refuse. Codex then ignores the whole line.
 * Every JSON text for codex is written by this function.
 */
export function toWellFormedJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes("\\ud")
    ? text.replace(escapes, (escape) => (escape.startsWith("\\ud") ? "\ufffd" : escape))
    : text;
}

/** Returns a text in which every half of a surrogate pair is U+FFFD. */
export function toWellFormedText(text: string): string {
  return text.replace(/\p{Surrogate}/gu, "\ufffd");
}

/** Every escape of a JSON text, in order. `JSON.stringify` escapes a surrogate only if the other half is missing. */
const escapes = /\\(?:ud[89a-f][0-9a-f]{2}|.)/g;

/** True for a list. `Array.isArray` does not narrow a read-only one. */
export function isList<Element>(value: Element | readonly Element[]): value is readonly Element[] {
  return Array.isArray(value);
}

/** Returns the value if it is an object, else an empty one. */
export function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Returns the value if it is a list, else an empty one. */
export function asList(value: JsonValue | undefined): readonly JsonValue[] {
  return value !== undefined && isList(value) ? value : [];
}

/** Returns the value if it is a string, else null. */
export function asText(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** Returns the objects of a list. Returns an empty list if the value is not a list. */
export function asObjects(value: JsonValue | undefined): readonly JsonObject[] {
  return asList(value).filter(isJsonObject);
}
