import { randomUUID } from "node:crypto";
import type { ApprovalRequest } from "../approvals/approval-request.js";
import type { Approver } from "../approvals/approver.js";
import { isJsonObject, type JsonObject } from "../internal/json.js";
import type { FileChange, ServerRequestAnswer } from "../protocol/index.js";
import type { ApprovalCodec } from "./approval-codec.js";
import { readText } from "./read-field.js";
import { refuseRequest } from "./refuse-request.js";
import type { AskedRequest, RequestContext } from "./request-context.js";

export interface ApprovalHandlers {
  readonly approver: Approver;
  readonly codec: ApprovalCodec;
  readonly workingDirectory?: string | null | undefined;
}

/** Has the request decided and says the decision in the words of its method. `cancel` ends the turn in every kind. */
export async function answerApproval(
  asked: AskedRequest,
  context: RequestContext,
  { approver, codec, workingDirectory = null }: ApprovalHandlers,
): Promise<ServerRequestAnswer> {
  const request = readRequest(asked, context, { codec, workingDirectory });
  if (request === null) return refuseRequest(asked, context.emit, "It does not say what is asked.");
  const { decision, by, reason } = await approver.decide(request, context);
  if (by === "nobody") refuseRequest(asked, context.emit, reason ?? undefined);
  if (decision.decision === "cancel" && !codec.cancelsItself) context.stop(null);
  return { kind: "result", result: codec.toResult(decision, request) };
}

function readRequest(
  { params, threadId }: AskedRequest,
  { item }: RequestContext,
  { codec, workingDirectory }: { readonly codec: ApprovalCodec; readonly workingDirectory: string | null },
): ApprovalRequest | null {
  if (!isJsonObject(params)) return null;
  const itemId = readText(params["itemId"]) ?? readText(params["callId"]);
  const base = {
    id: randomUUID(),
    threadId: threadId ?? readText(params["threadId"]) ?? readText(params["conversationId"]) ?? "",
    turnId: readText(params["turnId"]),
    itemId,
    reason: readText(params["reason"]),
    requestedAt: readTime(params),
  };
  return codec.toRequest(params, { base, workingDirectory, changes: itemId === null ? [] : changesOf(itemId, item) });
}

function readTime({ startedAtMs }: JsonObject): number {
  return typeof startedAtMs === "number" ? startedAtMs : Date.now();
}

/** An item that is done tells nothing of what is asked now: a model may use the id of a call twice. */
function changesOf(itemId: string, item: RequestContext["item"]): readonly FileChange[] {
  const found = item(itemId);
  return found?.type === "fileChange" && found.status === "inProgress" ? found.changes : [];
}
