import { randomUUID } from "node:crypto";
import { createDeferred } from "../internal/deferred.js";
import { onAbort } from "../internal/abort/on-abort.js";
import { isJsonObject, isList, type JsonObject } from "../internal/json.js";
import { refuseServerRequest, type ServerRequestAnswer } from "../protocol/index.js";
import type { ServedToolCall, ServedToolResult } from "../tools/tool-server.js";
import type { TurnMessage } from "./transport.js";

const prefix = "codexkit-tool-";

/** Returns true for the request of a call that arrived at the tool server; codex did not send it as a request. */
export function isServedCallId(id: string | number): boolean {
  return typeof id === "string" && id.startsWith(prefix);
}

/**
 * Converts a call at the tool server to the `item/tool/call` request that codex sends for a dynamic tool, so that a turn
 * answers both in one way. A call of another thread than the turn's is one of a sub-agent. Calls `deliver` with the request, and
 * with a `serverRequest.resolved` event if codex cancels the call. `deliver` returns false if no turn receives the message. Resolves with the turn's answer and never rejects.
 */
export function callAsRequest(
  { definition, arguments: args, turnId, callId, signal, ...caller }: ServedToolCall,
  turnThreadId: string,
  deliver: (message: TurnMessage) => boolean,
): Promise<ServedToolResult> {
  const method = "item/tool/call";
  const id = `${prefix}${randomUUID()}`;
  const { name: tool, namespace } = definition;
  const threadId = caller.threadId ?? turnThreadId;
  const isAgent = threadId !== turnThreadId && caller.parentThreadId !== null;
  const origin = isAgent ? { agent: { threadId, parentThreadId: caller.parentThreadId, agentPath: null } } : {};
  const params = { threadId, turnId: turnId ?? "", callId: callId ?? id, namespace, tool, arguments: args };
  const result = createDeferred<ServedToolResult>();
  const respond = (answer: ServerRequestAnswer): void => {
    result.resolve(toResult(answer));
  };
  const delivered = deliver({ kind: "request", request: { id, method, params, threadId, ...origin }, respond });
  if (!delivered) respond(refuseServerRequest(method));
  const stopListening = onAbort(signal, () => {
    if (result.settled) return;
    respond(refuseServerRequest(method));
    const event = { type: "serverRequest.resolved", threadId, turnId: null, requestId: id } as const;
    deliver({ kind: "event", event, ...origin });
  });
  return result.promise.finally(stopListening);
}

function toResult(answer: ServerRequestAnswer): ServedToolResult {
  if (answer.kind === "error") return failed(answer.error.message);
  const { result } = answer;
  if (!isJsonObject(result)) return failed("The host program did not run this tool.");
  const { success, contentItems } = result;
  if (typeof success !== "boolean" || !isList(contentItems)) return failed("The host program did not run this tool.");
  return { success, contentItems: contentItems.filter(isJsonObject) };
}

function failed(text: string): ServedToolResult {
  const item: JsonObject = { type: "inputText", text };
  return { success: false, contentItems: [item] };
}
