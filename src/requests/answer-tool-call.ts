import type { Approver } from "../approvals/approver.js";
import { isJsonObject } from "../internal/json.js";
import type { ServerRequestAnswer } from "../protocol/index.js";
import type { ServerRequest } from "../protocol/methods/server-request-answer.js";
import { callTool } from "../tools/call/call-tool.js";
import type { CallApproval } from "../tools/call/running-call.js";
import type { ToolCall, ToolLogger } from "../tools/call/tool-call.js";
import { readText } from "./read-field.js";
import { agentFields, refuseRequest, type RequestHandlers, type RequestTurn } from "./request-turn.js";
import { randomId } from "../internal/random-id.js";

/** Answers `item/tool/call`: runs the host tool, after an approval if the tool needs one. */
export async function answerToolCall(
  request: ServerRequest,
  turn: RequestTurn,
  { tools, approver, context, logger }: RequestHandlers,
): Promise<ServerRequestAnswer> {
  if (tools === null) return refuseRequest(request, turn.emit);
  const call = readCall(request);
  if (call === null) return refuseRequest(request, turn.emit, "It does not name the tool to call.");
  const { success, contentItems } = await callTool(call, {
    tools,
    context: turn.context === undefined ? context : turn.context,
    attempt: turn.attempt,
    logger: logger ?? silent,
    signal: turn.signal,
    emit: turn.emit,
    approve: (validated) => approve({ ...validated, ...agentFields(request.agent) }, approver, turn),
    stop: turn.stop,
  });
  return { kind: "result", result: { success, contentItems } };
}

/** codex does not know of this approval, so `cancel` ends the turn from here. */
async function approve(
  { threadId, turnId, callId, tool, namespace, arguments: args, ...agent }: ToolCall & ReturnType<typeof agentFields>,
  approver: Approver,
  { emit, stop, signal }: RequestTurn,
): Promise<CallApproval> {
  const request = {
    id: randomId(),
    kind: "tool" as const,
    threadId,
    turnId,
    ...agent,
    itemId: callId,
    reason: null,
    requestedAt: Date.now(),
    tool,
    namespace,
    callId,
    arguments: args,
  };
  const { decision } = await approver.decide(request, { signal, emit });
  if (decision.decision === "accept" || decision.decision === "acceptForSession") return { kind: "accepted" };
  if (decision.decision === "cancel") stop(null);
  return { kind: "declined", reason: "reason" in decision ? decision.reason : null };
}

/** Returns `null` if the tool or the call id is missing. A call on exec has no turn id. */
function readCall({ params, threadId }: ServerRequest): ToolCall | null {
  if (!isJsonObject(params)) return null;
  const { arguments: args = null } = params;
  const [tool, callId] = [readText(params["tool"]), readText(params["callId"])];
  if (tool === null || callId === null) return null;
  const thread = threadId ?? readText(params["threadId"]) ?? "";
  const turnId = readText(params["turnId"]);
  return { threadId: thread, turnId, callId, namespace: readText(params["namespace"]), tool, arguments: args };
}

const silent: ToolLogger = Object.freeze({ debug: ignore, info: ignore, warn: ignore, error: ignore });

function ignore(): void {
  // The host program set no logger.
}
