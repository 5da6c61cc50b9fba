import { refuseServerRequest, type RequestRefusedEvent, type ServerRequestAnswer } from "../protocol/index.js";

export interface AskedRequest {
  readonly id: string | number;
  readonly method: string;
  readonly threadId: string | null;
}

/**
 * The answer to a request that nobody handles: a valid "no" of its own kind, which the model is told of and the turn
 * survives, and an event that says so.
 */
export function refuseRequest(
  { id, method, threadId }: AskedRequest,
  emit: (event: RequestRefusedEvent) => void,
): ServerRequestAnswer {
  const reason = "No handler was given for it.";
  emit({ type: "codexkit.request.refused", threadId, turnId: null, method, requestId: id, reason });
  return refuseServerRequest(method);
}
