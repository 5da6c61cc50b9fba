import type { JsonObject, JsonValue } from "../../internal/json.js";
import type { EventBase } from "./notification-event.js";

/** Events that codexkit itself adds. All of them live under `codexkit.`. */
export type CodexkitEvent =
  | UnknownEvent
  | ProtocolWarningEvent
  | CodexkitWarningEvent
  | RequestRefusedEvent
  | StreamLaggingEvent
  | ApprovalRequestedEvent
  | ApprovalResolvedEvent
  | ToolStartedEvent
  | ToolCompletedEvent
  | ToolsChangedEvent
  | AutoRunStartedEvent
  | AutoRunTurnEvent
  | AutoRunRetryEvent
  | AutoRunGuardrailEvent
  | AutoRunCompletedEvent;

/** Codex said something this version does not know, or a known thing without its required fields; nothing of it is lost. */
export interface UnknownEvent extends EventBase {
  readonly type: "codexkit.unknown";
  /** The notification's method, or the `type` of exec's line. */
  readonly method: string;
  /** The notification's params, or the rest of exec's line; absent where there were none. */
  readonly params?: JsonValue;
  /** Why a known method could not be read. */
  readonly problem?: string;
}

/** A line was not part of the protocol. The stream goes on. */
export interface ProtocolWarningEvent extends EventBase {
  readonly type: "codexkit.protocolWarning";
  readonly message: string;
  /** The first 200 characters of the line. */
  readonly preview: string;
  /** The line was over the size bound and cut before it was read. */
  readonly truncated: boolean;
}

/** Something codexkit wants to be known, and that stops nothing. */
export interface CodexkitWarningEvent extends EventBase {
  readonly type: "codexkit.warning";
  readonly message: string;
  readonly code: string;
}

/** Codex asked for something and codexkit refused it, because nobody else answered. */
export interface RequestRefusedEvent extends EventBase {
  readonly type: "codexkit.request.refused";
  readonly method: string;
  readonly requestId: string | number;
  readonly reason: string;
}

/** The consumer is slower than the stream, so deltas were joined. */
export interface StreamLaggingEvent extends EventBase {
  readonly type: "codexkit.stream.lagging";
  /** How many events were joined into others. */
  readonly coalesced: number;
}

/** Somebody is asked before something happens. `request` is what `onApproval` gets. */
export interface ApprovalRequestedEvent extends EventBase {
  readonly type: "codexkit.approval.requested";
  readonly approvalId: string;
  readonly kind: string;
  readonly itemId: string | null;
  readonly request: JsonObject;
}

/** What was asked is decided. Every `codexkit.approval.requested` has exactly one. */
export interface ApprovalResolvedEvent extends EventBase {
  readonly type: "codexkit.approval.resolved";
  readonly approvalId: string;
  readonly kind: string;
  readonly itemId: string | null;
  readonly decision: string;
  /** A rule, the callback, codexkit itself since time was up or the callback failed, or a decision stored before. */
  readonly by: "rule" | "handler" | "timeout" | "failure" | "default" | "stored" | "withdrawn";
  readonly reason: string | null;
  /** Milliseconds from the request to the decision. */
  readonly ms: number;
}

/** A host tool was called. On both transports, beside codex's own item of the call. */
export interface ToolStartedEvent extends EventBase {
  readonly type: "codexkit.tool.started";
  readonly callId: string;
  readonly tool: string;
  readonly namespace: string | null;
}

/** A call of a host tool has been answered. Every `codexkit.tool.started` has exactly one. */
export interface ToolCompletedEvent extends EventBase {
  readonly type: "codexkit.tool.completed";
  readonly callId: string;
  readonly tool: string;
  readonly namespace: string | null;
  readonly outcome: ToolOutcome;
  /** What the model was told where it did not succeed. */
  readonly message: string | null;
  /** Milliseconds from the call to its answer, a wait for an approval included. */
  readonly ms: number;
}

/** How a call of a host tool ended. */
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

/** The tools in force for a resumed thread are not the ones it was started with. */
export interface ToolsChangedEvent extends EventBase {
  readonly type: "codexkit.tools.changed";
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  /**
   * How what differs is served now: by the MCP server on loopback; not at all, where there are no tools any more; or not
   * before codex can load the thread anew, which is tried before each turn.
   */
  readonly served: "mcp" | "none" | "onResume";
}

/** A run of several turns began, or goes on after it was left or cut off. `threadId` is null for a thread that is new. */
export interface AutoRunStartedEvent extends EventBase {
  readonly type: "codexkit.run.started";
  readonly maxTurns: number;
  /** It goes on from a saved state, or with a turn that waited for a decision. */
  readonly resumed: boolean;
}

/** A run is about to start a turn, or to try one again. */
export interface AutoRunTurnEvent extends EventBase {
  readonly type: "codexkit.run.turn";
  /** From 1; another try has the same number. */
  readonly turn: number;
  /** From 1. */
  readonly attempt: number;
  readonly reason: AutoRunReason;
}

/** Why a run starts a turn: what the caller asked, a goal not reached, an answer that did not fit or was rejected, a restart. */
export type AutoRunReason = "input" | "until" | "repair" | "guardrail" | "resumed";

/** A turn of a run failed before its first side effect and is tried again. */
export interface AutoRunRetryEvent extends EventBase {
  readonly type: "codexkit.run.retry";
  readonly turn: number;
  /** The attempt that failed. */
  readonly attempt: number;
  /** Milliseconds until the next one. */
  readonly delayMs: number;
  /** The code and the message of the error. */
  readonly code: string;
  readonly message: string;
}

/** A guardrail of a run has checked. */
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
  /** The error's code where the run failed. */
  readonly code: string | null;
  /** How many turns it took, other tries not counted. */
  readonly turns: number;
}
