import type { JsonObject } from "../internal/json.js";
import type { ServerEvent } from "./events/event.js";
import { encodeExecEvent } from "./exec/encode-exec.js";
import { encodeNotification } from "./notifications/encode-notification.js";

/** The two wires: the app-server's JSON-RPC notifications, and the lines of `codex exec --json`. */
export type Wire = "app-server" | "exec";

/**
 * Returns the message that an event was decoded from, as a JSON object; `JSON.stringify` makes the line of it. `wire` is the
 * wire that the event came from. The function reads the fields of the event only, so it also works on an event that was
 * serialised and parsed again. Events of codexkit itself (`codexkit.*`) have no wire form: the function returns a copy of
 * the event. For `codexkit.unknown` it returns the unknown message.
 */
export function encodeEvent(event: ServerEvent, wire: Wire): JsonObject {
  const plain = event as unknown as JsonObject;
  if (event.type.startsWith("codexkit.") && event.type !== "codexkit.unknown") return { ...plain };
  return wire === "exec" ? encodeExecEvent(event.type, plain) : encodeNotification(event.type, plain);
}
