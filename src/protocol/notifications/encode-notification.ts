import { asObject, isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { encodeItem } from "../items/decode-item.js";
import { mapItems } from "../shapes/item-paths.js";
import { describeNotification } from "./notification-table.js";

/** Returns the message that an event of the app-server was decoded from. */
export function encodeNotification(type: string, event: JsonObject): JsonObject {
  const { type: _, threadId, turnId, emittedAtMs, "codexkit.wire": residue, ...fields } = event;
  const { envelope, params: clashes, absent } = isJsonObject(residue) ? residue : {};
  const frame = { ...asObject(envelope), ...(emittedAtMs === undefined ? {} : { emittedAtMs }) };
  if (type === "codexkit.unknown") {
    const { method, params } = fields;
    return { ...frame, method, ...(params === undefined ? {} : { params }) };
  }
  const method = type.replaceAll(".", "/");
  const isAbsent = (key: string): boolean => Array.isArray(absent) && absent.includes(key);
  if (isAbsent("params")) return { ...frame, method };

  const known = describeNotification(method);
  const routing: Record<string, JsonValue | undefined> = { threadId, turnId };
  let params: JsonObject = fields;
  for (const key of known?.carries ?? []) if (!isAbsent(key)) params = { ...params, [key]: routing[key] };
  for (const path of known?.itemPaths ?? []) params = asObject(mapItems(params, path, encodeItem));
  return { ...frame, method, params: { ...params, ...asObject(clashes) } };
}
