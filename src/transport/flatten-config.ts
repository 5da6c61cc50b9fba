import type { JsonValue } from "../internal/json.js";
import type { CodexConfigObject, CodexConfigValue } from "./options.js";

const bareKey = /^[A-Za-z0-9_-]+$/;

/**
 * Configuration as `dotted.path -> value`, so that a later layer overrides single values and not whole tables. Codex
 * splits paths at every dot, quoted or not: a table with a key that a path cannot name is therefore given whole.
 */
export function flattenConfig(config: CodexConfigObject): Record<string, JsonValue> {
  const flat: Record<string, JsonValue> = {};
  collect(config, "", flat);
  return flat;
}

function collect(table: CodexConfigObject, prefix: string, flat: Record<string, JsonValue>): void {
  for (const [key, value] of Object.entries(table)) {
    if (value === undefined) continue;
    const path = prefix + key;
    if (isTable(value) && canBeSplit(value)) collect(value, `${path}.`, flat);
    else flat[path] = toJson(value);
  }
}

function canBeSplit(table: CodexConfigObject): boolean {
  const entries = Object.entries(table).filter(([, value]) => value !== undefined);
  return entries.length > 0 && entries.every(([key]) => bareKey.test(key));
}

function toJson(value: CodexConfigValue): JsonValue {
  if (typeof value !== "object") return value;
  if (isList(value)) return value.map(toJson);
  const entries: [string, JsonValue][] = [];
  for (const [key, entry] of Object.entries(value)) if (entry !== undefined) entries.push([key, toJson(entry)]);
  return Object.fromEntries(entries);
}

function isTable(value: CodexConfigValue): value is CodexConfigObject {
  return typeof value === "object" && !isList(value);
}

function isList(value: CodexConfigValue): value is readonly CodexConfigValue[] {
  return Array.isArray(value);
}
