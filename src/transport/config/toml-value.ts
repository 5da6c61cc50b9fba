import { stringify } from "smol-toml";
import { type JsonValue, parseJson, toWellFormedJson } from "../../internal/json.js";

const before = "v = [ [ ";
const after = " ] ]\n";

/**
 * Returns a value as TOML on one line, with inline tables, for `--config path=value`. The library writes inline tables only
 * inside a list of lists, so the value is wrapped in one and unwrapped again. TOML text is well-formed Unicode.
 */
export function toTomlValue(value: JsonValue): string {
  return stringify({ v: [[parseJson(toWellFormedJson(value)) ?? value]] }).slice(before.length, -after.length);
}
