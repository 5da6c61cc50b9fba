import type { ServerRequestAnswer } from "../protocol/index.js";
import { decodeServerRequest } from "../protocol/methods/server-request.js";
import type { ServerRequest } from "../protocol/methods/server-request-answer.js";
import { answerApproval } from "./answer-approval.js";
import { answerToolCall } from "./answer-tool-call.js";
import {
  type ApprovalCodec,
  commandRequest,
  elicitationRequest,
  fileChangeRequest,
  permissionsRequest,
  userInputRequest,
} from "./approval-codec.js";
import { legacyCommandRequest, legacyPatchRequest } from "./legacy-request.js";
import { refuseRequest, type RequestHandlers, type RequestTurn } from "./request-turn.js";

/**
 * Returns the response to a server request: the result of a tool call, an approval decision or the time. Refuses a request
 * that is unknown, malformed or without a handler, and emits `codexkit.request.refused` for it.
 */
export async function answerRequest(
  request: ServerRequest,
  turn: RequestTurn,
  handlers: RequestHandlers,
): Promise<ServerRequestAnswer> {
  const { method, params } = request;
  switch (method) {
    case "item/commandExecution/requestApproval":
    case "item/fileChange/requestApproval":
    case "item/permissions/requestApproval":
    case "item/tool/requestUserInput":
    case "mcpServer/elicitation/request":
    case "applyPatchApproval":
    case "execCommandApproval": {
      const decoded = decodeServerRequest(method, params);
      if (!decoded.ok) return refuseRequest(request, turn.emit, `It cannot be read: ${decoded.problem}.`);
      return answerApproval(request, turn, { approver: handlers.approver, codec: codecs[method] });
    }
    case "item/tool/call":
      return answerToolCall(request, turn, handlers);
    case "currentTime/read":
      return { kind: "result", result: { currentTimeAt: Math.floor(Date.now() / 1000) } };
    default:
      return refuseRequest(request, turn.emit);
  }
}

const codecs = {
  "item/commandExecution/requestApproval": commandRequest,
  "item/fileChange/requestApproval": fileChangeRequest,
  "item/permissions/requestApproval": permissionsRequest,
  "item/tool/requestUserInput": userInputRequest,
  "mcpServer/elicitation/request": elicitationRequest,
  applyPatchApproval: legacyPatchRequest,
  execCommandApproval: legacyCommandRequest,
} as const satisfies Readonly<Record<string, ApprovalCodec>>;
