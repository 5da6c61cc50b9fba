import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { checkShape } from "../shapes/check-shape.js";
import { itemShapes } from "../generated/shapes.js";
import type { ThreadItem, UnknownItem } from "./item.js";

/**
 * Returns an item of the app-server as a `ThreadItem`. Never throws: an item that cannot be decoded becomes an
 * `UnknownItem`.
 */
export function decodeItem(item: JsonValue): ThreadItem {
  const type = isJsonObject(item) ? item["type"] : undefined;
  if (!isJsonObject(item) || typeof type !== "string") return toUnknownItem(item, "it has no type");
  const shape = Object.hasOwn(itemShapes, type) ? itemShapes[type] : undefined;
  if (shape === undefined) return toUnknownItem(item);
  const problem = checkShape(shape, item);
  return problem === undefined ? asThreadItem(item) : toUnknownItem(item, problem);
}

/** Returns the item of the wire. */
export function encodeItem(item: JsonValue): JsonValue {
  return isJsonObject(item) && item["type"] === "codexkit.unknown" ? (item["item"] ?? null) : item;
}

/** Returns an `UnknownItem` for an item that cannot be decoded. `problem` is the reason if its kind is known. */
export function toUnknownItem(item: JsonValue, problem?: string): UnknownItem {
  const { id, type } = isJsonObject(item) ? item : {};
  return {
    type: "codexkit.unknown",
    id: typeof id === "string" ? id : "",
    itemType: typeof type === "string" ? type : "",
    item,
    ...(problem === undefined ? {} : { problem }),
  };
}

/** Asserts the domain's type of an item whose shape has been checked. */
export function asThreadItem(item: JsonObject): ThreadItem {
  return item as unknown as ThreadItem;
}
