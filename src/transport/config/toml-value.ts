import { stringify } from "smol-toml";
import type { JsonValue } from "../../internal/json.js";

const before = "v = [ [ ";
const after = " ] ]\n";

/**
 * Returns a value as TOML on one line, with inline tables, for `--config path=value`. The library writes inline tables only
 * inside a list of lists, so the value is wrapped in one and unwrapped again.
 */
export function toTomlValue(value: JsonValue): string {
  return stringify({ v: [[value]] }).slice(before.length, -after.length);
}
