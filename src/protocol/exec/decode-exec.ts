import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../../internal/json.js";
import { attachRaw } from "../events/attach-raw.js";
import { checkShape } from "../shapes/check-shape.js";
import type { ThreadEvent } from "../events/event.js";
import { decodeExecItem } from "./exec-item.js";
import { execEventShapes, execUsageKeys, execUsageShape } from "./exec-wire.js";
import { toProtocolWarning } from "../events/protocol-warning.js";
import { swapKeys } from "./swap-names.js";

export interface ExecDecoder {
  /** Decodes one line without its line end. Never throws. A `truncated` line becomes a `codexkit.protocolWarning`. */
  decode(text: string, truncated?: boolean): ThreadEvent;
}

export interface ExecDecoderOptions {
  /** The thread that is resumed. Until exec reports its thread, events carry this id, or "" if it is null. */
  readonly threadId?: string | null;
  /** Sets `raw` of each event to its line. Default `false`. A `codexkit.protocolWarning` has it in any case. */
  readonly keepRaw?: boolean;
}

/**
 * Decodes the lines of one `codex exec --json` into the app-server's events. Its only state is the thread's id, which exec
 * reports once and every event has.
 */
export function createExecDecoder(options: ExecDecoderOptions = {}): ExecDecoder {
  const { keepRaw = false } = options;
  let threadId = options.threadId ?? null;
  return {
    decode(text, truncated = false) {
      const raw = keepRaw ? text : undefined;
      const bad = (message: string): ThreadEvent => toProtocolWarning(message, { text, truncated, threadId });
      if (truncated) return bad("a line over the size bound");
      const line = parseJson(text);
      if (line === undefined) return bad("a line that is not JSON");
      if (!isJsonObject(line)) return bad("a line that is not a JSON object");
      const { type } = line;
      if (typeof type !== "string") return bad("a line without a type");
      const problem = checkLine(type, line);
      if (problem !== undefined) return attachRaw(unknownEvent(type, line, threadId, problem), raw);
      const { thread_id: started } = line;
      if (type === "thread.started" && typeof started === "string") threadId = started;
      return attachRaw(knownEvent(type, line, threadId ?? ""), raw);
    },
  };
}

const unknownType = "";

/** Returns the reason why a line cannot be decoded: `unknownType`, or the problem of a known one. */
function checkLine(type: string, line: JsonObject): string | undefined {
  if (!isKnown(type)) return unknownType;
  const problem = checkShape(execEventShapes[type], line);
  const { error } = line;
  if (problem !== undefined || type !== "turn.failed" || !isJsonObject(error)) return problem;
  const errorProblem = checkShape("message:s", error);
  return errorProblem === undefined ? undefined : `error.${errorProblem}`;
}

function isKnown(type: string): type is keyof typeof execEventShapes {
  return Object.hasOwn(execEventShapes, type);
}

function knownEvent(wireType: string, line: JsonObject, threadId: string): ThreadEvent {
  const { type, fields, rest, unread } = decodeFields(wireType, line);
  const extra: Record<string, JsonValue | undefined> = {};
  const clashes: Record<string, JsonValue | undefined> = { ...unread };
  for (const [key, value] of Object.entries(rest)) define(reserved.has(key) ? clashes : extra, key, value);
  const residue = Object.keys(clashes).length === 0 ? {} : { "codexkit.wire": { params: clashes } };
  const event = { type, threadId, turnId: null, ...fields, ...extra, ...residue };
  return event as unknown as ThreadEvent;
}

/** Keys of an event that do not come from the line's key of that name. */
const reserved: ReadonlySet<string> = new Set([
  "threadId",
  "turnId",
  "thread",
  "turn",
  "error",
  "willRetry",
  "emittedAtMs",
  "raw",
  "codexkit.wire",
]);

interface Decoded {
  readonly type: string;
  readonly fields: JsonObject;
  readonly rest: JsonObject;
  /** Data without a field in the event, kept for `encodeEvent`. */
  readonly unread?: JsonObject;
}

function decodeFields(wireType: string, line: JsonObject): Decoded {
  const { type: _, ...all } = line;
  switch (wireType) {
    case "thread.started": {
      const { thread_id: __, ...rest } = all;
      return { type: wireType, fields: {}, rest };
    }
    case "turn.started":
      return { type: wireType, fields: {}, rest: all };
    case "turn.completed": {
      const { usage, ...rest } = all;
      return { type: wireType, rest, ...endFields({ status: "completed" }, usage) };
    }
    case "turn.failed": {
      const { error, usage, ...rest } = all;
      return { type: "turn.completed", rest, ...endFields({ status: "failed", error }, usage) };
    }
    case "error": {
      const { message, ...rest } = all;
      return { type: wireType, fields: readRetry(message) ?? { error: { message } }, rest };
    }
    default: {
      const { item, ...rest } = all;
      const decoded = isJsonObject(item) ? decodeExecItem(item) : item;
      return { type: wireType, fields: { item: decoded as unknown as JsonValue }, rest };
    }
  }
}

/**
 * Exec reports a retry of codex as one text, "Reconnecting... 1/5 (the cause)". Returns the parts that the app-server
 * reports, or null for any other error.
 */
function readRetry(message: JsonValue | undefined): JsonObject | null {
  const text = typeof message === "string" && message.startsWith("Reconnecting... ") ? message : "";
  const at = text.indexOf(" (");
  if (at === -1 || !text.endsWith(")")) return text === "" ? null : { error: { message: text }, willRetry: true };
  return { error: { message: text.slice(0, at), additionalDetails: text.slice(at + 2, -1) }, willRetry: true };
}

/** An invalid usage does not make the end of a turn unknown. */
function endFields(turn: JsonObject, usage: JsonValue | undefined): Pick<Decoded, "fields" | "unread"> {
  if (usage === undefined) return { fields: { turn } };
  const readable = isJsonObject(usage) && checkShape(execUsageShape, usage) === undefined;
  return readable
    ? { fields: { turn, usage: swapKeys(execUsageKeys, usage) } }
    : { fields: { turn }, unread: { usage } };
}

function unknownEvent(method: string, line: JsonObject, threadId: string | null, problem: string): ThreadEvent {
  const { type: _, ...params } = line;
  return {
    type: "codexkit.unknown",
    threadId,
    turnId: null,
    method,
    params,
    ...(problem === unknownType ? {} : { problem }),
  };
}

/** Sets an own property, including one named `__proto__`. */
function define(target: Record<string, JsonValue | undefined>, key: string, value: JsonValue | undefined): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
