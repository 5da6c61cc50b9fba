import { clearTimeout, setTimeout } from "node:timers";
import type { ApprovalRequest } from "../protocol/events/approval-request.js";
import type { Approver } from "../approvals/approver.js";
import { createDeferred } from "../internal/deferred.js";
import { isJsonObject, type JsonObject } from "../internal/json.js";
import { onAbort } from "../internal/abort/on-abort.js";
import type { FileChange, ServerRequestAnswer } from "../protocol/index.js";
import { refuseServerRequest } from "../protocol/methods/refuse-server-request.js";
import type { ServerRequest } from "../protocol/methods/server-request-answer.js";
import type { ApprovalCodec } from "./approval-codec.js";
import type { McpCall } from "./decision-watch.js";
import { endViolated } from "./enforce-decisions.js";
import { readText } from "./read-field.js";
import { agentFields, refuseRequest, type RequestTurn } from "./request-turn.js";
import { anySignal } from "../internal/abort/any-signal.js";
import { randomId } from "../internal/random-id.js";

/**
 * Milliseconds before a request is decided. The calls of one response ask at about the same time, within some milliseconds:
 * two calls with one id are then known before either is decided.
 */
const settleMs = 50;

/** Calls the approver and returns its decision in the form of the request's method. `cancel` ends the turn for every kind. */
export async function answerApproval(
  serverRequest: ServerRequest,
  turn: RequestTurn,
  { approver, codec }: { readonly approver: Approver; readonly codec: ApprovalCodec },
): Promise<ServerRequestAnswer> {
  const request = readRequest(serverRequest, turn, codec);
  if (request === null) return refuseRequest(serverRequest, turn.emit, "It does not name the action to approve.");
  const watched = turn.decisions.open(request, identityOf(serverRequest));
  if (watched !== null && "violation" in watched) {
    endViolated(watched, turn);
    return refuseServerRequest(serverRequest.method);
  }
  const signal = watched === null ? turn.signal : anySignal([turn.signal, watched.signal]);
  if (watched !== null) await settle(signal);
  const { decision, by, reason } = await approver.decide(request, { signal, emit: turn.emit });
  watched?.decided({ accepted: decision.decision.startsWith("accept") });
  if (by === "default") refuseRequest(serverRequest, turn.emit, reason ?? undefined);
  if (decision.decision === "cancel" && !codec.cancelsItself) turn.stop(null);
  return { kind: "result", result: codec.toResult(decision, request) };
}

/** The older methods show a command in another form than its item does. */
function identityOf({ params }: ServerRequest): { readonly callback: string | null; readonly exact: boolean } {
  const { approvalId, callId } = isJsonObject(params) ? params : {};
  return { callback: readText(approvalId), exact: callId === undefined };
}

async function settle(signal: AbortSignal): Promise<void> {
  const settled = createDeferred<undefined>();
  const timer = setTimeout(() => settled.resolve(undefined), settleMs);
  const stopListening = onAbort(signal, () => settled.resolve(undefined));
  await settled.promise;
  clearTimeout(timer);
  stopListening();
}

function readRequest(
  { params, threadId, agent }: ServerRequest,
  turn: Pick<RequestTurn, "item" | "workingDirectory" | "decisions">,
  codec: ApprovalCodec,
): ApprovalRequest | null {
  if (!isJsonObject(params)) return null;
  const itemId = readText(params["itemId"]) ?? readText(params["callId"]);
  const base = {
    id: randomId(),
    threadId: threadId ?? readText(params["threadId"]) ?? readText(params["conversationId"]) ?? "",
    turnId: readText(params["turnId"]),
    ...agentFields(agent),
    itemId,
    reason: readText(params["reason"]),
    requestedAt: readTime(params),
  };
  const changes = itemId === null ? [] : changesOf(itemId, turn);
  const askedCall = (call: McpCall): string | null => turn.decisions.askedCall(base.threadId, call);
  return codec.toRequest(params, { base, workingDirectory: turn.workingDirectory, changes, askedCall });
}

function readTime({ startedAtMs }: JsonObject): number {
  return typeof startedAtMs === "number" ? startedAtMs : Date.now();
}

/** Ignores an item that has ended: a model may use the id of a call again, and the old changes are not the ones to approve. */
function changesOf(itemId: string, { item }: Pick<RequestTurn, "item">): readonly FileChange[] {
  const found = item(itemId);
  return found?.type === "fileChange" && found.status === "inProgress" ? found.changes : [];
}
