import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { checkShape } from "../shapes/check-shape.js";
import { decodeItem } from "../items/decode-item.js";
import type { ClientMethods } from "../generated/methods.js";
import { resultItemPaths, resultShapes } from "../generated/shapes.js";
import { mapItems, parseItemPaths } from "../shapes/item-paths.js";

/** A checked value of the wire, or the problem of an invalid one. */
export type Decoded<Value> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: string };

/**
 * Returns the result of a request to the app-server after a check of its required fields. Its thread items are decoded as
 * in events. Never throws.
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

/** Adapts `decodeItem` to `mapItems`, which works on plain JSON. */
function asJson(item: JsonValue): JsonValue {
  return decodeItem(item) as unknown as JsonValue;
}
