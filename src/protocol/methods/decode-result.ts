import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { checkShape } from "../shapes/check-shape.js";
import { decodeItem } from "../items/decode-item.js";
import type { ClientMethods } from "../generated/methods.js";
import { resultItemPaths, resultShapes } from "../generated/shapes.js";
import { mapItems, parseItemPaths } from "../shapes/item-paths.js";

/** A value of the wire that has been checked, or what is wrong with it. */
export type Decoded<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string };

/**
 * The result of a request to the app-server, checked for its required fields, and with the thread items in it decoded
 * as in events. Never throws.
 */
export function decodeResult<Method extends keyof ClientMethods>(
  method: Method,
  result: JsonValue | undefined,
): Decoded<ClientMethods[Method]["result"]> {
  if (!isJsonObject(result)) return { ok: false, problem: `${method}: the result is not an object` };
  const problem = checkShape(resultShapes[method] ?? "", result);
  if (problem !== undefined) return { ok: false, problem: `${method}: result.${problem}` };
  let value: JsonValue = result;
  for (const path of parseItemPaths(resultItemPaths[method])) value = mapItems(value, path, asJson);
  return { ok: true, value: value as unknown as ClientMethods[Method]["result"] };
}

/** `decodeItem` for `mapItems`, which works on plain JSON. */
function asJson(item: JsonValue): JsonValue {
  return decodeItem(item) as unknown as JsonValue;
}
