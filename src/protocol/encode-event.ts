import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";
import { encodeItem } from "./decode-item.js";
import { encodeExecEvent } from "./encode-exec.js";
import type { ServerEvent } from "./event.js";
import { mapItems } from "./item-paths.js";
import { describeNotification } from "./notification-table.js";

/** The two wires: the app-server's JSON-RPC notifications, and the lines of `codex exec --json`. */
export type Wire = "app-server" | "exec";

/**
 * The JSON that an event was decoded from, out of its fields alone: it works on an event that went through JSON, too.
 * `wire` is the one the event came from. Events of codexkit's own have no wire form and are given as they are, but for
 * `codexkit.unknown`, which gives what it holds.
 */
export function encodeEvent(event: ServerEvent, wire: Wire): JsonObject {
  const plain = event as unknown as JsonObject;
  if (event.type.startsWith("codexkit.") && event.type !== "codexkit.unknown") return { ...plain };
  return wire === "exec" ? encodeExecEvent(event.type, plain) : encodeNotification(event.type, plain);
}

function encodeNotification(type: string, event: JsonObject): JsonObject {
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

function asObject(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}
