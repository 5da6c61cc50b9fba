import type { ApprovalRequest } from "../approvals/approval-request.js";
import type { Approver } from "../approvals/approver.js";
import { isJsonObject, type JsonObject } from "../internal/json.js";
import type { FileChange, ServerRequestAnswer } from "../protocol/index.js";
import type { ServerRequest } from "../protocol/methods/server-request-answer.js";
import type { ApprovalCodec } from "./approval-codec.js";
import { readText } from "./read-field.js";
import { refuseRequest, type RequestTurn } from "./request-turn.js";

/** Calls the approver and returns its decision in the form of the request's method. `cancel` ends the turn for every kind. */
export async function answerApproval(
  serverRequest: ServerRequest,
  turn: RequestTurn,
  { approver, codec }: { readonly approver: Approver; readonly codec: ApprovalCodec },
): Promise<ServerRequestAnswer> {
  const request = readRequest(serverRequest, turn, codec);
  if (request === null) return refuseRequest(serverRequest, turn.emit, "It does not name the action to approve.");
  const { decision, by, reason } = await approver.decide(request, turn);
  if (by === "default") refuseRequest(serverRequest, turn.emit, reason ?? undefined);
  if (decision.decision === "cancel" && !codec.cancelsItself) turn.stop(null);
  return { kind: "result", result: codec.toResult(decision, request) };
}

function readRequest(
  { params, threadId }: ServerRequest,
  turn: Pick<RequestTurn, "item" | "workingDirectory">,
  codec: ApprovalCodec,
): ApprovalRequest | null {
  if (!isJsonObject(params)) return null;
  const itemId = readText(params["itemId"]) ?? readText(params["callId"]);
  const base = {
    id: crypto.randomUUID(),
    threadId: threadId ?? readText(params["threadId"]) ?? readText(params["conversationId"]) ?? "",
    turnId: readText(params["turnId"]),
    itemId,
    reason: readText(params["reason"]),
    requestedAt: readTime(params),
  };
  const changes = itemId === null ? [] : changesOf(itemId, turn);
  return codec.toRequest(params, { base, workingDirectory: turn.workingDirectory, changes });
}

function readTime({ startedAtMs }: JsonObject): number {
  return typeof startedAtMs === "number" ? startedAtMs : Date.now();
}

/** Ignores an item that has ended: a model may use the id of a call again, and the old changes are not the ones to approve. */
function changesOf(itemId: string, { item }: Pick<RequestTurn, "item">): readonly FileChange[] {
  const found = item(itemId);
  return found?.type === "fileChange" && found.status === "inProgress" ? found.changes : [];
}
