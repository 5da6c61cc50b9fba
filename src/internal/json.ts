/** Any JSON value. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;

/** A JSON object; a key may be absent. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined;
}

/** True for a plain object, as opposed to null, an array or a primitive. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The parsed value, or undefined where the text is not JSON. (`undefined` is no JSON value, so the two cannot be mixed up.) */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-assignment -- what JSON.parse gives is a JSON value
    const value: JsonValue = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}
