import { asObject, isJsonObject, type JsonObject, type JsonValue } from "../../internal/json.js";
import { encodeExecItem } from "./exec-item.js";
import { execUsageKeys } from "./exec-wire.js";
import { swapKeys } from "./swap-names.js";

/** Returns the line of exec that an event was decoded from. */
export function encodeExecEvent(type: string, event: JsonObject): JsonObject {
  const { type: _, threadId, turnId: __, "codexkit.wire": residue, ...fields } = event;
  if (type === "codexkit.unknown") return { ...asObject(fields["params"]), type: fields["method"] };
  const clashes = isJsonObject(residue) ? asObject(residue["params"]) : {};
  const encoded = encodeFields(type, fields, threadId);
  return { ...encoded, ...clashes };
}

function encodeFields(type: string, fields: JsonObject, threadId: JsonValue | undefined): JsonObject {
  if (type === "thread.started") return { type, thread_id: threadId, ...fields };
  if (type.startsWith("item.")) {
    const { item = null, ...rest } = fields;
    return { type, item: encodeExecItem(item), ...rest };
  }
  if (type === "turn.completed") {
    const { turn, usage, ...rest } = fields;
    const { status, error } = asObject(turn);
    const spent = usage === undefined ? {} : { usage: isJsonObject(usage) ? swapKeys(execUsageKeys, usage) : usage };
    return status === "failed" ? { type: "turn.failed", error, ...spent, ...rest } : { type, ...spent, ...rest };
  }
  if (type === "error") {
    const { error, willRetry: _, ...rest } = fields;
    const { message, additionalDetails } = asObject(error);
    const retry = typeof message === "string" && typeof additionalDetails === "string";
    return { type, message: retry ? `${message} (${additionalDetails})` : message, ...rest };
  }
  return { type, ...fields };
}
