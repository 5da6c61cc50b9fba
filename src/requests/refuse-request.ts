import { refuseServerRequest, type RequestRefusedEvent, type ServerRequestAnswer } from "../protocol/index.js";
import type { AskedRequest } from "./request-context.js";

/**
 * The answer to a request that nobody handles: a valid "no" of its own kind, which the model is told of and the turn
 * survives, and an event that says so.
 */
export function refuseRequest(
  request: Pick<AskedRequest, "id" | "method" | "threadId">,
  emit: (event: RequestRefusedEvent) => void,
  reason = "No handler was given for it.",
): ServerRequestAnswer {
  const { id, method, threadId } = request;
  emit({ type: "codexkit.request.refused", threadId, turnId: null, method, requestId: id, reason });
  return refuseServerRequest(method);
}
