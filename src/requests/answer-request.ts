import type { Approver } from "../approvals/approver.js";
import { decodeServerRequest, type ServerRequestAnswer } from "../protocol/index.js";
import type { ToolLogger } from "../tools/call/tool-call.js";
import type { ToolSet } from "../tools/tool-set.js";
import { answerApproval } from "./answer-approval.js";
import type { ApprovalCodec } from "./approval-codec.js";
import { commandRequest } from "./command-request.js";
import { answerCurrentTime } from "./current-time-request.js";
import { elicitationRequest } from "./elicitation-request.js";
import { fileChangeRequest } from "./file-change-request.js";
import { legacyCommandRequest, legacyPatchRequest } from "./legacy-request.js";
import { permissionsRequest } from "./permissions-request.js";
import { refuseRequest } from "./refuse-request.js";
import type { AnswerRequest } from "./request-context.js";
import { answerToolCall } from "./tool-call-request.js";
import { userInputRequest } from "./user-input-request.js";

/** Who answers codex on a thread, for one turn. */
export interface RequestHandlers {
  /** Null where the host has no tools. */
  readonly tools: ToolSet | null;
  readonly approver: Approver;
  /** The caller's own, for its tools. */
  readonly context: unknown;
  /** Which try of the turn it is, from 1. */
  readonly attempt: number;
  readonly logger: ToolLogger | null;
  /** Where the thread works: where `match` begins relative globs. */
  readonly workingDirectory?: string | null | undefined;
}

/**
 * Answers what codex asks, each request in its own shape: tools are called, approvals decided, the clock is read. What
 * nobody handles, what this version does not know and what does not say what it wants are refused, with an event.
 */
export function createRequestHandler(handlers: RequestHandlers): AnswerRequest {
  return async (asked, context): Promise<ServerRequestAnswer> => {
    const { method, params } = asked;
    switch (method) {
      case "item/commandExecution/requestApproval":
      case "item/fileChange/requestApproval":
      case "item/permissions/requestApproval":
      case "item/tool/requestUserInput":
      case "mcpServer/elicitation/request":
      case "applyPatchApproval":
      case "execCommandApproval": {
        const decoded = decodeServerRequest(method, params);
        if (!decoded.ok) return refuseRequest(asked, context.emit, `It cannot be read: ${decoded.problem}.`);
        return answerApproval(asked, context, { ...handlers, codec: codecs[method] });
      }
      case "item/tool/call":
        return answerToolCall(asked, context, handlers);
      case "currentTime/read":
        return answerCurrentTime();
      default:
        return refuseRequest(asked, context.emit);
    }
  };
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
