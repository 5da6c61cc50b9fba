import { randomUUID } from "node:crypto";
import { createDeferred } from "../internal/deferred.js";
import { onAbort } from "../internal/on-abort.js";
import { isJsonObject, isList, type JsonObject } from "../internal/json.js";
import { refuseServerRequest, type ServerRequestAnswer } from "../protocol/index.js";
import type { HostedToolCall, HostedToolResult } from "../tools/tool-host.js";
import type { TurnMessage } from "./transport.js";

const prefix = "codexkit-tool-";

/** Whether a request is a call that came by our own MCP server, and not from codex itself. */
export function isHostedId(id: string | number): boolean {
  return typeof id === "string" && id.startsWith(prefix);
}

/**
 * Turns a call that came by MCP into the `item/tool/call` request that codex sends of a dynamic tool, so that a turn
 * answers both alike. `deliver` gets the request, and later that it was withdrawn where codex gave the call up; false
 * from it says that nobody hears it. The result is the turn's answer; it never rejects.
 */
export function callAsRequest(
  { definition, arguments: given, turnId, callId, signal }: HostedToolCall,
  threadId: string,
  deliver: (message: TurnMessage) => boolean,
): Promise<HostedToolResult> {
  const method = "item/tool/call";
  const id = `${prefix}${randomUUID()}`;
  const { name: tool, namespace } = definition;
  const params = { threadId, turnId: turnId ?? "", callId: callId ?? id, namespace, tool, arguments: given };
  const answer = createDeferred<HostedToolResult>();
  const respond = (given: ServerRequestAnswer): void => {
    answer.resolve(toResult(given));
  };
  const heard = deliver({ kind: "request", request: { id, method, params, threadId }, respond });
  if (!heard) respond(refuseServerRequest(method));
  const stopListening = onAbort(signal, () => {
    if (answer.settled) return;
    respond(refuseServerRequest(method));
    deliver({ kind: "event", event: { type: "serverRequest.resolved", threadId, turnId: null, requestId: id } });
  });
  return answer.promise.finally(stopListening);
}

function toResult(answer: ServerRequestAnswer): HostedToolResult {
  if (answer.kind === "error") return failed(answer.error.message);
  const { result } = answer;
  if (!isJsonObject(result)) return failed("The host did not run this tool.");
  const { success, contentItems } = result;
  if (typeof success !== "boolean" || !isList(contentItems)) return failed("The host did not run this tool.");
  return { success, contentItems: contentItems.filter(isJsonObject) };
}

function failed(text: string): HostedToolResult {
  const item: JsonObject = { type: "inputText", text };
  return { success: false, contentItems: [item] };
}
