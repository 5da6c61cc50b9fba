import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { attachRaw } from "../events/attach-raw.js";
import { checkShape } from "../shapes/check-shape.js";
import { decodeItem } from "../items/decode-item.js";
import type { ServerEvent } from "../events/event.js";
import { mapItems } from "../shapes/item-paths.js";
import type { WireResidue } from "../events/notification-event.js";
import { describeNotification, type KnownNotification } from "./notification-table.js";
import { toProtocolWarning } from "../events/protocol-warning.js";

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
  const residue = residueOf(message, params, known);
  const fields = residue?.params === undefined ? params : without(params ?? {}, residue.params);
  const event: Record<string, unknown> = {
    type: known.type,
    threadId: fields?.["threadId"] ?? idOf(fields?.["thread"]),
    turnId: fields?.["turnId"] ?? idOf(fields?.["turn"]),
    ...fields,
  };
  for (const path of known.itemPaths) {
    const [head = "", ...rest] = path;
    const value = fields?.[head];
    if (value !== undefined) event[head] = mapItems(value, rest, asJson);
  }
  const emittedAtMs = message["emittedAtMs"];
  if (typeof emittedAtMs === "number") event["emittedAtMs"] = emittedAtMs;
  if (residue !== undefined) event["codexkit.wire"] = residue;
  return event as unknown as ServerEvent;
}

/** What clashes with the event's own fields, or deviates from what the method usually carries. */
function residueOf(
  message: JsonObject,
  params: JsonObject | undefined,
  known: KnownNotification,
): WireResidue | undefined {
  const envelope = envelopeOf(message);
  const clashes = params === undefined ? undefined : clashesOf(params, known);
  const absent = params === undefined ? ["params"] : absentOf(params, known);
  if (envelope === undefined && clashes === undefined && absent === undefined) return undefined;
  return {
    ...(envelope === undefined ? {} : { envelope }),
    ...(clashes === undefined ? {} : { params: clashes }),
    ...(absent === undefined ? {} : { absent }),
  };
}

function clashesOf(params: JsonObject, known: KnownNotification): JsonObject | undefined {
  let clashes: JsonObject | undefined;
  for (const key in params) {
    if (isOwnKey(key) && !known.carries.includes(key)) clashes = { ...clashes, [key]: params[key] };
  }
  return clashes;
}

/** Comparisons with constants, which cost the hot path less than looking for each of them in the params. */
function isOwnKey(key: string): boolean {
  switch (key) {
    case "type":
    case "emittedAtMs":
    case "raw":
    case "codexkit.wire":
    case "threadId":
    case "turnId":
      return true;
    default:
      return false;
  }
}

function absentOf(params: JsonObject, known: KnownNotification): readonly string[] | undefined {
  let absent: string[] | undefined;
  for (const key of known.carries) if (params[key] === undefined) (absent ??= []).push(key);
  return absent;
}

function without(params: JsonObject, clashes: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).filter(([key]) => !Object.hasOwn(clashes, key)));
}

/** Keys of the message that are no field of the event. */
function envelopeOf(message: JsonObject): JsonObject | undefined {
  let envelope: JsonObject | undefined;
  for (const key in message) {
    if (key === "method" || key === "params") continue;
    const value = message[key];
    if (key !== "emittedAtMs" || typeof value !== "number") envelope = { ...envelope, [key]: value };
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
