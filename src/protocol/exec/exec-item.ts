import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { checkShape } from "../shapes/check-shape.js";
import { asThreadItem, encodeItem, toUnknownItem } from "../items/decode-item.js";
import { execCodecs, type ValueCodec } from "./exec-codecs.js";
import { execItems } from "./exec-wire.js";
import type { ThreadItem } from "../items/item.js";
import { swapKeys } from "./swap-names.js";

/** Returns an item of exec as a `ThreadItem`. Never throws: an item that cannot be decoded becomes an `UnknownItem`. */
export function decodeExecItem(item: JsonObject): ThreadItem {
  const wireType = item["type"];
  if (typeof wireType !== "string") return toUnknownItem(item, "it has no type");
  const known = Object.hasOwn(execItems, wireType) ? execItems[wireType] : undefined;
  if (known === undefined) return toUnknownItem(item);
  const problem = checkShape(known.shape, item) ?? checkChanges(wireType, item);
  if (problem !== undefined) return toUnknownItem(item, problem);
  const renamed = swapKeys(known.keys ?? {}, item);
  return asThreadItem({ ...changeValues(renamed, known.type, "decode"), type: known.type });
}

/** Returns the item of the wire. */
export function encodeExecItem(item: JsonValue): JsonValue {
  if (!isJsonObject(item) || item["type"] === "codexkit.unknown") return encodeItem(item);
  const [wireType, known] = Object.entries(execItems).find(([, { type }]) => type === item["type"]) ?? [];
  if (wireType === undefined || known === undefined) return item;
  return { ...swapKeys(known.keys ?? {}, changeValues(item, known.type, "encode")), type: wireType };
}

/** The kind of every change must be a string: only then can it be encoded again from the object. */
function checkChanges(wireType: string, item: JsonObject): string | undefined {
  const changes = item["changes"];
  if (wireType !== "file_change" || !Array.isArray(changes)) return undefined;
  for (const change of changes) {
    const problem = isJsonObject(change) ? checkShape("path:s kind:s", change) : "an element is not an object";
    if (problem !== undefined) return `changes: ${problem}`;
  }
  return undefined;
}

function changeValues(item: JsonObject, type: string, direction: keyof ValueCodec): JsonObject {
  const changed: Record<string, JsonValue> = {};
  for (const [key, codec] of Object.entries(execCodecs[type] ?? {})) {
    const value = item[key];
    if (value !== undefined) changed[key] = codec[direction](value);
  }
  return { ...item, ...changed };
}
