import { isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { attachRaw } from "../events/attach-raw.js";
import { checkFields } from "../shapes/check-shape.js";
import { decodeItem } from "../items/decode-item.js";
import type { ServerEvent } from "../events/event.js";
import { mapItems } from "../shapes/item-paths.js";
import type { WireResidue } from "../events/notification-event.js";
import { describeNotification, type KnownNotification } from "./notification-table.js";
import { toProtocolWarning } from "../events/protocol-warning.js";

/**
 * Returns a notification of the app-server as an event. It never throws: a notification that this version does not know, or
 * that lacks a required field, becomes `codexkit.unknown`, which holds all of it. The message is not changed. `raw` is the
 * line that the message was parsed from; if it is passed, the event keeps it.
 */
export function decodeNotification(message: JsonObject, raw?: string): ServerEvent {
  const { method, params } = message;
  if (typeof method !== "string") {
    return toProtocolWarning("a notification without a method", { text: raw ?? JSON.stringify(message) });
  }
  const known = describeNotification(method);
  if (known === undefined) return unknownEvent(message, method, raw);
  if (params !== undefined && !isJsonObject(params)) {
    return unknownEvent(message, method, raw, "params is not an object");
  }
  const delta = known.isTextDelta && params !== undefined ? textDelta(message, params, known.type) : undefined;
  if (delta !== undefined) return attachRaw(delta, raw);
  const problem = checkFields(known.fields, params ?? noParams);
  if (problem !== undefined) return unknownEvent(message, method, raw, problem);
  return attachRaw(knownEvent(message, params, known), raw);
}

const noParams: JsonObject = {};

/**
 * Returns the event of a delta of text, or undefined if the message has any other key than a delta of text always has. It
 * is a shorter way to the same event: codex sends up to 25,000 of them a second.
 */
function textDelta(message: JsonObject, params: JsonObject, type: string): ServerEvent | undefined {
  const { threadId, turnId, itemId, delta } = params;
  const { emittedAtMs } = message;
  if (typeof emittedAtMs !== "number" || countKeys(message) !== 3 || countKeys(params) !== 4) return undefined;
  const isText = typeof threadId === "string" && typeof turnId === "string" && typeof itemId === "string";
  if (!isText || typeof delta !== "string") return undefined;
  return { type, threadId, turnId, itemId, delta, emittedAtMs } as unknown as ServerEvent;
}

function countKeys(object: JsonObject): number {
  let count = 0;
  for (const _ in object) count += 1;
  return count;
}

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
    const [head = ""] = path;
    const value = fields?.[head];
    if (value !== undefined) event[head] = mapItems(value, path, asJson, 1);
  }
  const emittedAtMs = message["emittedAtMs"];
  if (typeof emittedAtMs === "number") event["emittedAtMs"] = emittedAtMs;
  if (residue !== undefined) event["codexkit.wire"] = residue;
  return event as unknown as ServerEvent;
}

/** Returns the parts of the message that clash with the event's own fields or deviate from the method's usual form. */
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

/** Compares with constants, which is faster than a lookup of each of them in the params. */
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
  for (const key of known.optional) if (params[key] === undefined) (absent ??= []).push(key);
  return absent;
}

function without(params: JsonObject, clashes: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(params).filter(([key]) => !Object.hasOwn(clashes, key)));
}

/** Returns the keys of the message that are no field of the event. */
function envelopeOf(message: JsonObject): JsonObject | undefined {
  let envelope: JsonObject | undefined;
  for (const key in message) {
    if (key === "method" || key === "params") continue;
    const value = message[key];
    if (key !== "emittedAtMs" || typeof value !== "number") envelope = { ...envelope, [key]: value };
  }
  return envelope;
}

function unknownEvent(message: JsonObject, method: string, raw: string | undefined, problem?: string): ServerEvent {
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

/** Returns the id of a thread or a turn, or null if it has none. */
function idOf(value: JsonValue | undefined): string | null {
  const id = isJsonObject(value) ? value["id"] : undefined;
  return typeof id === "string" ? id : null;
}

/** Adapts `decodeItem` to `mapItems`, which works on plain JSON. */
function asJson(item: JsonValue): JsonValue {
  return decodeItem(item) as unknown as JsonValue;
}
