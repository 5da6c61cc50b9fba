import { isJsonObject, isList, type JsonObject, type JsonValue } from "../../internal/json.js";

const bareKey = /^[A-Za-z0-9_-]+$/;

/**
 * Returns configuration as `dotted.path -> value`, so that a later layer overrides single values and not whole tables. Codex
 * splits paths at every dot, even in quotes: a table with a key that no path can name is therefore kept whole.
 */
export function flattenConfig(config: JsonObject): Record<string, JsonValue> {
  const flat: Record<string, JsonValue> = {};
  collect(config, "", flat);
  return flat;
}

/**
 * Merges configuration into `base`, in place, value by value. No path of the result is inside another one, because codex would
 * apply the two in an undefined order.
 */
export function layConfig(base: Record<string, JsonValue>, over: Readonly<Record<string, JsonValue>>): void {
  for (const [path, value] of Object.entries(over)) layValue(base, path, value);
}

/** Returns the value at a path of flat configuration, even if it is inside a whole table. Returns undefined if it is not set. */
export function valueAt(flat: Readonly<Record<string, JsonValue>>, path: string): JsonValue | undefined {
  const around = Object.keys(flat).find((key) => path === key || path.startsWith(`${key}.`));
  if (around !== undefined) {
    const keys = path === around ? [] : path.slice(around.length + 1).split(".");
    return keys.reduce<JsonValue | undefined>((at, key) => (isJsonObject(at) ? at[key] : undefined), flat[around]);
  }
  const within = Object.entries(flat).filter(([key]) => key.startsWith(`${path}.`));
  if (within.length === 0) return undefined;
  return within.reduce<JsonValue>((at, [key, value]) => merge(at, nest(key.slice(path.length + 1), value)), {});
}

/** Returns flat configuration as nested tables. */
export function toTables(flat: Readonly<Record<string, JsonValue>>): JsonValue {
  return Object.entries(flat).reduce<JsonValue>((tables, [path, value]) => merge(tables, nest(path, value)), {});
}

function layValue(base: Record<string, JsonValue>, path: string, value: JsonValue): void {
  const around = Object.keys(base).find((key) => path.startsWith(`${key}.`));
  const table = around === undefined ? undefined : base[around];
  if (around !== undefined && isJsonObject(table)) {
    base[around] = merge(table, nest(path.slice(around.length + 1), value));
    return;
  }
  if (around !== undefined) remove(base, around);
  let merged = base[path];
  for (const key of Object.keys(base).filter((key) => key.startsWith(`${path}.`))) {
    merged = merge(merged ?? {}, nest(key.slice(path.length + 1), base[key] ?? null));
    remove(base, key);
  }
  base[path] = merged === undefined ? value : merge(merged, value);
}

function merge(base: JsonValue, over: JsonValue): JsonValue {
  if (!isJsonObject(base) || !isJsonObject(over)) return over;
  const merged = new Map(Object.entries(base));
  for (const [key, value = null] of Object.entries(over)) merged.set(key, merge(merged.get(key) ?? null, value));
  return Object.fromEntries(merged);
}

function nest(path: string, value: JsonValue): JsonValue {
  return path.split(".").reduceRight<JsonValue>((inner, key) => ({ [key]: inner }), value);
}

function remove(base: Record<string, JsonValue>, path: string): void {
  Reflect.deleteProperty(base, path);
}

function collect(table: JsonObject, prefix: string, flat: Record<string, JsonValue>): void {
  for (const [key, value] of Object.entries(table)) {
    if (value === undefined) continue;
    const path = prefix + key;
    if (isJsonObject(value) && canBeSplit(value)) collect(value, `${path}.`, flat);
    else layValue(flat, path, toJson(value));
  }
}

function canBeSplit(table: JsonObject): boolean {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined);
  return entries.length > 0 && entries.every(([key]) => bareKey.test(key));
}

function toJson(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (isList(value)) return value.map(toJson);
  const entries: [string, JsonValue][] = [];
  for (const [key, entry] of Object.entries(value)) if (entry !== undefined) entries.push([key, toJson(entry)]);
  return Object.fromEntries(entries);
}
