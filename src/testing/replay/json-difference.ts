import { isJsonObject, isList, type JsonObject, type JsonValue } from "../../internal/json.js";

/** One place where two JSON values differ. */
export interface JsonDifference {
  /** The keys and indices of the place. */
  readonly path: readonly string[];
  /** The recorded value, or undefined if the recording has none. */
  readonly recorded: JsonValue | undefined;
  /** The value of the request, or undefined if the request has none. */
  readonly got: JsonValue | undefined;
}

/**
 * Returns every place where two values differ, at the greatest possible depth. `null` equals an absent value, as it does
 * for codex. `[redacted]` in a recorded text equals any text.
 */
export function findDifferences(
  recorded: JsonValue | undefined,
  got: JsonValue | undefined,
  path: readonly string[] = [],
): JsonDifference[] {
  if ((recorded ?? null) === (got ?? null)) return [];
  if (isJsonObject(recorded) && isJsonObject(got)) return inObjects(recorded, got, path);
  if (isList(recorded) && isList(got)) {
    const length = Math.max(recorded.length, got.length);
    return Array.from({ length }).flatMap((_, at) => findDifferences(recorded[at], got[at], [...path, String(at)]));
  }
  if (typeof recorded === "string" && typeof got === "string" && isRedacted(recorded, got)) return [];
  return [{ path, recorded, got }];
}

function inObjects(recorded: JsonObject, got: JsonObject, path: readonly string[]): JsonDifference[] {
  const keys = new Set([...Object.keys(recorded), ...Object.keys(got)]);
  return [...keys].flatMap((key) => findDifferences(recorded[key], got[key], [...path, key]));
}

/** Returns true if `got` equals the recorded text when each `[redacted]` stands for any text. */
function isRedacted(recorded: string, got: string): boolean {
  const [first = "", ...rest] = recorded.split("[redacted]");
  const last = rest.pop();
  if (last === undefined || !got.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const at = got.indexOf(part, from);
    if (at === -1) return false;
    from = at + part.length;
  }
  return got.length - last.length >= from && got.endsWith(last);
}
