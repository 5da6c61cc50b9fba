import type { JsonValue } from "../../internal/json.js";
import type { ApprovalKind, ApprovalRequest } from "./approval-request.js";
import type { EventBase } from "./notification-event.js";
import type { TokenUsage } from "./usage.js";

/** An event that codexkit itself adds. The type of each starts with `codexkit.`. */
export type CodexkitEvent =
  | UnknownEvent
  | ProtocolWarningEvent
  | CodexkitWarningEvent
  | RequestRefusedEvent
  | StreamLaggingEvent
  | ApprovalRequestedEvent
  | ApprovalResolvedEvent
  | ApprovalViolatedEvent
  | ToolStartedEvent
  | ToolCompletedEvent
  | ToolsChangedEvent
  | AgentStartedEvent
  | AgentCompletedEvent
  | ThreadReplacedEvent
  | ThreadUnsavedEvent
  | AutoRunStartedEvent
  | AutoRunTurnEvent
  | AutoRunRetryEvent
  | AutoRunGuardrailEvent
  | AutoRunCompletedEvent;

/** A notification that this version does not know, or that lacks a required field. It is kept completely. */
export interface UnknownEvent extends EventBase {
  readonly type: "codexkit.unknown";
  /** The notification's method, or the `type` of exec's line. */
  readonly method: string;
  /** The notification's params, or the rest of exec's line. Absent if there are none. */
  readonly params?: JsonValue;
  /** The reason why a known method could not be decoded. */
  readonly problem?: string;
}

/** A line was not part of the protocol. The stream continues. */
export interface ProtocolWarningEvent extends EventBase {
  readonly type: "codexkit.protocolWarning";
  readonly message: string;
  /** The first 200 characters of the line. */
  readonly preview: string;
  /** The line was longer than the bound and was truncated. */
  readonly truncated: boolean;
}

/** A warning of codexkit that does not end the turn. */
export interface CodexkitWarningEvent extends EventBase {
  readonly type: "codexkit.warning";
  readonly message: string;
  readonly code: string;
}

/** codexkit refused a server request because no handler answered it. */
export interface RequestRefusedEvent extends EventBase {
  readonly type: "codexkit.request.refused";
  readonly method: string;
  readonly requestId: string | number;
  readonly reason: string;
}

/** The reader is slower than the stream, so deltas were merged. */
export interface StreamLaggingEvent extends EventBase {
  readonly type: "codexkit.stream.lagging";
  /** The number of events that were merged into others. */
  readonly coalesced: number;
}

/**
 * A request waits for an approval. `request` is the argument of `onApproval` as JSON data. Its content is empty if the
 * request is nested too deeply to be copied; it is then declined.
 */
export interface ApprovalRequestedEvent extends EventBase {
  readonly type: "codexkit.approval.requested";
  readonly approvalId: string;
  readonly kind: ApprovalKind;
  readonly itemId: string | null;
  readonly request: ApprovalRequest;
}

/** An approval request was decided. Every `codexkit.approval.requested` has exactly one. */
export interface ApprovalResolvedEvent extends EventBase {
  readonly type: "codexkit.approval.resolved";
  readonly approvalId: string;
  readonly kind: ApprovalKind;
  readonly itemId: string | null;
  readonly decision: string;
  /** The source of the decision. `timeout`, `failure`, `default` and `withdrawn` are decisions of codexkit itself. */
  readonly by: "rule" | "handler" | "timeout" | "failure" | "default" | "stored" | "withdrawn";
  readonly reason: string | null;
  /** Milliseconds from the request to the decision. */
  readonly ms: number;
}

/** The turn broke an approval and is interrupted. Its failure is an `ApprovalViolatedError`. */
export interface ApprovalViolatedEvent extends EventBase {
  readonly type: "codexkit.approval.violated";
  readonly itemId: string;
  readonly kind: string;
  /** `repeatedId`: two calls of the turn have one id. `started`: codex started an action that was declined. */
  readonly violation: "repeatedId" | "started";
  readonly message: string;
}

/** A host tool was called. Emitted on both transports, in addition to codex's own item of the call. */
export interface ToolStartedEvent extends EventBase {
  readonly type: "codexkit.tool.started";
  readonly callId: string;
  readonly tool: string;
  readonly namespace: string | null;
}

/** A call of a host tool was answered. Every `codexkit.tool.started` has exactly one. */
export interface ToolCompletedEvent extends EventBase {
  readonly type: "codexkit.tool.completed";
  readonly callId: string;
  readonly tool: string;
  readonly namespace: string | null;
  readonly outcome: ToolOutcome;
  /** The text for the model if the call did not succeed, else null. */
  readonly message: string | null;
  /** Milliseconds from the call to its answer, including a wait for an approval. */
  readonly ms: number;
}

/** The outcome of a call of a host tool. */
export type ToolOutcome =
  | "success"
  | "unknownTool"
  | "disabled"
  | "invalidArguments"
  | "rejected"
  | "declined"
  | "threw"
  | "timedOut"
  | "aborted"
  | "unusableResult";

/** The tools of a resumed thread differ from those it was started with. */
export interface ToolsChangedEvent extends EventBase {
  readonly type: "codexkit.tools.changed";
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /**
   * The way in which the different tools are served: `mcp` by the MCP server on loopback, `none` if there are no tools any
   * more, `onResume` as soon as codex can load the thread again, which is tried before each turn.
   */
  readonly served: "mcp" | "none" | "onResume";
}

/** The fields of every event about a sub-agent. `threadId` and `turnId` are those of the turn that it works for. */
export interface AgentEventBase extends EventBase {
  /** The agent's own thread. */
  readonly agentThreadId: string;
  /** The agent's place in the tree, such as `/root/look`; null for models whose agents have no paths. */
  readonly agentPath: string | null;
  /** The thread that started the agent. Null if codex has not reported it. */
  readonly parentThreadId: string | null;
}

/** A sub-agent started to work for the turn. An agent that receives another task starts again. */
export interface AgentStartedEvent extends AgentEventBase {
  readonly type: "codexkit.agent.started";
}

/** A sub-agent ended its work. Emitted before the turn's terminal event. */
export interface AgentCompletedEvent extends AgentEventBase {
  readonly type: "codexkit.agent.completed";
  /** `interrupted` also if codexkit ended the agent because its turn was over. */
  readonly status: "completed" | "interrupted" | "failed";
  /** The tokens of this piece of work; null if codex reported none. */
  readonly usage: TokenUsage | null;
  /** The message of the error if the agent failed, else null. */
  readonly message: string | null;
}

/**
 * A thread that had no turn was lost with its codex, which stores a thread at its first turn, and was started anew.
 * `threadId` is the new id, also of the handle.
 */
export interface ThreadReplacedEvent extends EventBase {
  readonly type: "codexkit.thread.replaced";
  /** The id that the thread had before. */
  readonly replacedThreadId: string;
}

/**
 * Codex could not save the turn, because its disk is full, for example. It tries again with the next turn. If codex ends before
 * that, the turn is lost.
 */
export interface ThreadUnsavedEvent extends EventBase {
  readonly type: "codexkit.thread.unsaved";
  /** The message of codex, with the reason. */
  readonly message: string;
}

/** A run of several turns began, or continues after a stop. `threadId` is null for a new thread. */
export interface AutoRunStartedEvent extends EventBase {
  readonly type: "codexkit.run.started";
  readonly maxTurns: number;
  /** True if it continues from a saved state, or with a turn that waited for a decision. */
  readonly resumed: boolean;
}

/** A run starts a turn, or repeats one. */
export interface AutoRunTurnEvent extends EventBase {
  readonly type: "codexkit.run.turn";
  /** The number of the turn, from 1. Another attempt has the same number. */
  readonly turn: number;
  /** The number of the attempt, from 1. */
  readonly attempt: number;
  readonly reason: AutoRunReason;
}

/** The reason why a run starts a turn: the input, a goal not reached, an invalid or rejected answer, or a restart. */
export type AutoRunReason = "input" | "until" | "repair" | "guardrail" | "resumed";

/** A turn of a run failed before its first side effect and is repeated. */
export interface AutoRunRetryEvent extends EventBase {
  readonly type: "codexkit.run.retry";
  readonly turn: number;
  /** The attempt that failed. */
  readonly attempt: number;
  /** Milliseconds until the next attempt. */
  readonly delayMs: number;
  /** The code and the message of the error. */
  readonly code: string;
  readonly message: string;
}

/** A guardrail of a run has returned. */
export interface AutoRunGuardrailEvent extends EventBase {
  readonly type: "codexkit.run.guardrail";
  readonly name: string;
  readonly stage: "input" | "output";
  readonly behavior: "allow" | "reject" | "throw";
  readonly message: string | null;
}

/** A run ended: its last event, unless it was aborted or its client was closed. */
export interface AutoRunCompletedEvent extends EventBase {
  readonly type: "codexkit.run.completed";
  readonly stopReason: "completed" | "guardrail" | "interrupted" | "approval" | "failed";
  /** The code of the error if the run failed, else null. */
  readonly code: string | null;
  /** The number of turns, without repeated attempts. */
  readonly turns: number;
}
