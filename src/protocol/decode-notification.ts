import { isJsonObject, type JsonObject, type JsonValue } from "../internal/json.js";
import { attachRaw } from "./attach-raw.js";
import { checkShape } from "./check-shape.js";
import { decodeItem } from "./decode-item.js";
import type { ServerEvent } from "./event.js";
import { mapItems } from "./item-paths.js";
import type { WireResidue } from "./notification-event.js";
import { describeNotification, type KnownNotification } from "./notification-table.js";
import { toProtocolWarning } from "./protocol-warning.js";

/**
 * A notification of the app-server as an event. Never throws, never drops: what this version does not know, or cannot
 * read, is kept as `codexkit.unknown`. `raw` is the line the message was parsed from. The message is not changed.
 */
export function decodeNotification(message: JsonObject, raw: string): ServerEvent {
  const { method, params } = message;
  if (typeof method !== "string") return toProtocolWarning("a notification without a method", { text: raw });
  const known = describeNotification(method);
  if (known === undefined) return unknownEvent(message, method, raw);
  if (params !== undefined && !isJsonObject(params)) {
    return unknownEvent(message, method, raw, "params is not an object");
  }
  const problem = checkShape(known.shape, params ?? {});
  if (problem !== undefined) return unknownEvent(message, method, raw, problem);
  return attachRaw(knownEvent(message, params, known), raw);
}

/** The hot path, 25,000 times a second in a fast stream: one shallow copy, and nothing else for a plain delta. */
function knownEvent(message: JsonObject, params: JsonObject | undefined, known: KnownNotification): ServerEvent {
  const event: Record<string, unknown> = {
    type: known.type,
    threadId: params?.["threadId"] ?? idOf(params?.["thread"]),
    turnId: params?.["turnId"] ?? idOf(params?.["turn"]),
    ...params,
  };
  for (const path of known.itemPaths) {
    const [head = "", ...rest] = path;
    const value = params?.[head];
    if (value !== undefined) event[head] = mapItems(value, rest, asJson);
  }
  const residue = takeResidue(event, message, known);
  const emittedAtMs = message["emittedAtMs"];
  if (typeof emittedAtMs === "number") event["emittedAtMs"] = emittedAtMs;
  if (residue !== undefined) event["codexkit.wire"] = residue;
  return event as unknown as ServerEvent;
}

const reserved = ["type", "emittedAtMs", "raw", "codexkit.wire"] as const;
const routing = ["threadId", "turnId"] as const;

/** Moves what clashes with the event's own fields, or deviates from what the method usually carries, out of the way. */
function takeResidue(
  event: Record<string, unknown>,
  message: JsonObject,
  known: KnownNotification,
): WireResidue | undefined {
  const params = message["params"];
  let clashes: Record<string, JsonValue> | undefined;
  let absent: string[] | undefined;
  if (!isJsonObject(params)) absent = ["params"];
  else {
    for (const key of reserved) {
      const value = params[key];
      if (value === undefined || !Object.hasOwn(params, key)) continue;
      clashes = { ...clashes, [key]: value };
      if (key === "type") event[key] = known.type;
      else delete event[key];
    }
    for (const key of routing) {
      const value = params[key];
      if (known.carries.includes(key)) {
        if (value === undefined) absent = [...(absent ?? []), key];
      } else if (value !== undefined) {
        clashes = { ...clashes, [key]: value };
        event[key] = idOf(params[key === "threadId" ? "thread" : "turn"]);
      }
    }
  }
  const envelope = envelopeOf(message);
  if (clashes === undefined && absent === undefined && envelope === undefined) return undefined;
  return {
    ...(envelope === undefined ? {} : { envelope }),
    ...(clashes === undefined ? {} : { params: clashes }),
    ...(absent === undefined ? {} : { absent }),
  };
}

/** Keys of the message that are no field of the event. */
function envelopeOf(message: JsonObject): JsonObject | undefined {
  let envelope: Record<string, JsonValue> | undefined;
  for (const key of Object.keys(message)) {
    if (key === "method" || key === "params") continue;
    const value = message[key];
    if (value === undefined || (key === "emittedAtMs" && typeof value === "number")) continue;
    envelope = { ...envelope, [key]: value };
  }
  return envelope;
}

function unknownEvent(message: JsonObject, method: string, raw: string, problem?: string): ServerEvent {
  const { params, emittedAtMs } = message;
  const envelope = envelopeOf(message);
  const { threadId, turnId } = isJsonObject(params) ? params : {};
  return attachRaw(
    {
      type: "codexkit.unknown",
      threadId: typeof threadId === "string" ? threadId : null,
      turnId: typeof turnId === "string" ? turnId : null,
      method,
      ...(params === undefined ? {} : { params }),
      ...(problem === undefined ? {} : { problem }),
      ...(typeof emittedAtMs === "number" ? { emittedAtMs } : {}),
      ...(envelope === undefined ? {} : { "codexkit.wire": { envelope } }),
    } as const,
    raw,
  );
}

/** The id of a thread or a turn, which its shape has checked; null where there is none. */
function idOf(value: JsonValue | undefined): string | null {
  const id = isJsonObject(value) ? value["id"] : undefined;
  return typeof id === "string" ? id : null;
}

/** `decodeItem` for `mapItems`, which works on plain JSON. */
function asJson(item: JsonValue): JsonValue {
  return decodeItem(item) as unknown as JsonValue;
}
