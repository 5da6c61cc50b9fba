import { randomUUID } from "node:crypto";
import type { Approver } from "../approvals/approver.js";
import { isJsonObject } from "../internal/json.js";
import type { ServerRequestAnswer } from "../protocol/index.js";
import { callTool } from "../tools/call/call-tool.js";
import type { ToolCall, ToolLogger } from "../tools/call/tool-call.js";
import type { ToolSet } from "../tools/tool-set.js";
import { readText } from "./read-field.js";
import { refuseRequest } from "./refuse-request.js";
import type { AskedRequest, RequestContext } from "./request-context.js";
import type { ToolApproval, ToolApprovalQuestion } from "../tools/call/running-call.js";

export interface ToolCallHandlers {
  readonly tools: ToolSet | null;
  readonly approver: Approver;
  readonly context: unknown;
  readonly attempt: number;
  readonly logger: ToolLogger | null;
}

/** `item/tool/call`: runs the host's tool, and has it approved where the tool wants that. */
export async function answerToolCall(
  asked: AskedRequest,
  turn: RequestContext,
  handlers: ToolCallHandlers,
): Promise<ServerRequestAnswer> {
  const { tools, approver, context, attempt, logger } = handlers;
  if (tools === null) return refuseRequest(asked, turn.emit);
  const call = readCall(asked);
  if (call === null) return refuseRequest(asked, turn.emit, "It does not say which tool is called.");
  const { success, contentItems } = await callTool(call, {
    tools,
    context,
    attempt,
    logger: logger ?? silent,
    signal: turn.signal,
    emit: turn.emit,
    approve: (question) => approve(question, approver, turn),
    stop: turn.stop,
  });
  return { kind: "result", result: { success, contentItems } };
}

/** Codex knows nothing of it, so `cancel` ends the turn from here. */
async function approve(
  { call, tool, arguments: args, signal }: ToolApprovalQuestion,
  approver: Approver,
  { emit, stop }: RequestContext,
): Promise<ToolApproval> {
  const { threadId, turnId, callId } = call;
  const request = {
    id: randomUUID(),
    kind: "tool" as const,
    threadId,
    turnId,
    itemId: callId,
    reason: null,
    requestedAt: Date.now(),
    tool: tool.name,
    namespace: tool.namespace,
    callId,
    arguments: args,
  };
  const { decision } = await approver.decide(request, { signal, emit });
  if (decision.decision === "accept" || decision.decision === "acceptForSession") return { kind: "accepted" };
  if (decision.decision === "cancel") stop(null);
  return { kind: "declined", reason: "reason" in decision ? decision.reason : null };
}

/** Exec tells no turn. */
function readCall({ params, threadId }: AskedRequest): ToolCall | null {
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
  // Nobody wants to read it.
}
