import type { ApprovalRequestBase } from "../protocol/events/approval-request.js";
import type { Approver } from "../approvals/approver.js";
import type { CodexError } from "../errors/codex-error.js";
import type { ServerRequestAnswer, ThreadEvent, ThreadItem } from "../protocol/index.js";
import { refuseServerRequest } from "../protocol/methods/refuse-server-request.js";
import type { AgentOrigin, ServerRequest } from "../protocol/methods/server-request-answer.js";
import type { ToolLogger } from "../tools/call/tool-call.js";
import type { DecisionWatch } from "./decision-watch.js";
import type { ToolSet } from "../tools/tool-set.js";

/** The turn that a server request belongs to, as far as an answer needs it. */
export interface RequestTurn {
  /** Aborts when the turn ends or codex withdraws the request. */
  readonly signal: AbortSignal;
  /** The `context` option of the turn. `undefined` selects the thread's. */
  readonly context: unknown;
  /** The number of this attempt at the turn, starting at 1. */
  readonly attempt: number;
  /** The turn's working directory: `match` resolves relative globs against it. `null` if it is unknown. */
  readonly workingDirectory: string | null;
  /** Enforces the decisions of the turn. */
  readonly decisions: DecisionWatch;
  /** Emits one of codexkit's own events in the turn's stream. */
  readonly emit: (event: ThreadEvent) => void;
  /** Returns the turn's open item with this id as codex last reported it, or `null`. */
  readonly item: (id: string) => ThreadItem | null;
  /**
   * Ends the turn before the answer is sent. With `null` the turn ends as interrupted; with an error it fails, and the error
   * carries the partial result.
   */
  readonly stop: (error: CodexError | null) => void;
}

/** The handlers of a thread. An answer reads them when its request arrives. */
export interface RequestHandlers {
  /** `null` if the thread has no host tools. */
  readonly tools: ToolSet | null;
  readonly approver: Approver;
  /** The `context` option of the thread or its client. Tools receive it if the turn has none. */
  readonly context: unknown;
  readonly logger: ToolLogger | null;
}

/** Returns the fields of an approval request that name the sub-agent, or none if the turn itself asks. */
export function agentFields(
  agent: AgentOrigin | undefined,
): Partial<Pick<ApprovalRequestBase, "parentThreadId" | "agentPath">> {
  return agent === undefined ? {} : { parentThreadId: agent.parentThreadId, agentPath: agent.agentPath };
}

/**
 * Emits `codexkit.request.refused` and returns the refusal of the request's method. The refusal is valid for that method and
 * grants nothing. The model is informed, and the turn continues.
 */
export function refuseRequest(
  { id, method, threadId }: Pick<ServerRequest, "id" | "method" | "threadId">,
  emit: RequestTurn["emit"],
  reason = "The host program has no handler for it.",
): ServerRequestAnswer {
  emit({ type: "codexkit.request.refused", threadId, turnId: null, method, requestId: id, reason });
  return refuseServerRequest(method);
}
