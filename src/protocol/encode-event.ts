import type { JsonObject } from "../internal/json.js";
import type { ServerEvent } from "./events/event.js";
import { encodeExecEvent } from "./exec/encode-exec.js";
import { encodeNotification } from "./notifications/encode-notification.js";

/** The two wires: the app-server's JSON-RPC notifications, and the lines of `codex exec --json`. */
export type Wire = "app-server" | "exec";

/**
 * Returns the JSON that an event was decoded from. It reads the event's fields only, so it also works on an event that was
 * serialised and parsed again. `wire` is the one that the event came from. Events that codexkit itself adds have no wire
 * form and are returned as they are, except `codexkit.unknown`, whose original message is returned.
 */
export function encodeEvent(event: ServerEvent, wire: Wire): JsonObject {
  const plain = event as unknown as JsonObject;
  if (event.type.startsWith("codexkit.") && event.type !== "codexkit.unknown") return { ...plain };
  return wire === "exec" ? encodeExecEvent(event.type, plain) : encodeNotification(event.type, plain);
}
