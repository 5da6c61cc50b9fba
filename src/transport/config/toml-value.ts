import { stringify } from "smol-toml";
import type { JsonValue } from "../../internal/json.js";

const before = "v = [ [ ";
const after = " ] ]\n";

/**
 * A value in TOML, on one line: tables inline, as `--config path=value` needs it. The library writes tables inline only
 * within a list of lists, so the value is wrapped in one and unwrapped again.
 */
export function toTomlValue(value: JsonValue): string {
  return stringify({ v: [[value]] }).slice(before.length, -after.length);
}
