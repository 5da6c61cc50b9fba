import { parse } from "smol-toml";
import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { layConfig } from "./flatten-config.js";

/** Returns the flat configuration of raw overrides, `path=value` with the value in TOML or as plain text. Later ones override earlier ones. */
export function rawConfig(overrides: readonly string[]): Record<string, JsonValue> {
  const flat: Record<string, JsonValue> = {};
  for (const override of overrides) {
    const at = override.indexOf("=");
    if (at > 0) layConfig(flat, { [override.slice(0, at).trim()]: toValue(override.slice(at + 1).trim()) });
  }
  return flat;
}

function toValue(text: string): JsonValue {
  try {
    const table: unknown = JSON.parse(JSON.stringify(parse(`value = ${text}`)));
    return isJsonObject(table) ? (table["value"] ?? text) : text;
  } catch {
    return text;
  }
}
