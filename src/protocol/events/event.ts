import type { Thread, Turn, TurnError } from "../generated/types.js";
import type { ServerNotifications } from "../generated/methods.js";
import type { ThreadItem } from "../items/item.js";
import type { EventBase, NotificationEvent } from "./notification-event.js";
import type { AgentEventBase, CodexkitEvent } from "./own-event.js";
import type { TokenUsage } from "./usage.js";

/**
 * An event of a turn's stream: a notification of codex about the thread, or one of codexkit's own `codexkit.*` events.
 * `type` is the app-server's notification method with `/` written as `.`, on both transports; `switch (event.type)`
 * narrows. Mirrors `ServerNotification` of the app-server protocol; exec's lines are decoded into the same union.
 *
 * @example
 * ```ts
 * import type { ThreadEvent } from "codexkit";
 *
 * function show(event: ThreadEvent): string {
 *   switch (event.type) {
 *     case "item.agentMessage.delta":
 *       return event.delta;
 *     case "item.completed":
 *       return event.item.type === "commandExecution" ? `$ ${event.item.command}\n` : "";
 *     default:
 *       return "";
 *   }
 * }
 * ```
 */
export type ThreadEvent = EventOfMethod<ThreadMethod> | ItemUpdatedEvent | CodexkitEvent | AgentEvent;

/** Every notification of codex, including those of no thread: of the account, the configuration and the machine. */
export type ServerEvent = EventOfMethod<keyof ServerNotifications> | ItemUpdatedEvent | CodexkitEvent | AgentEvent;

/** Notifications that always have a thread id, and those of a turn. */
type ThreadMethod =
  | keyof NamedEvents
  | {
      [Method in keyof ServerNotifications]: ServerNotifications[Method] extends { threadId: string } ? Method : never;
    }[keyof ServerNotifications];

type EventOfMethod<Method extends keyof ServerNotifications> = {
  [M in Method]: M extends keyof NamedEvents ? NamedEvents[M] : NotificationEvent<M>;
}[Method];

interface NamedEvents {
  error: ErrorEvent;
  "item/agentMessage/delta": AgentMessageDeltaEvent;
  "item/commandExecution/outputDelta": CommandOutputDeltaEvent;
  "item/completed": ItemCompletedEvent;
  "item/fileChange/patchUpdated": FileChangePatchUpdatedEvent;
  "item/mcpToolCall/progress": McpToolCallProgressEvent;
  "mcpServer/startupStatus/updated": McpServerStatusEvent;
  "item/plan/delta": PlanDeltaEvent;
  "item/reasoning/summaryPartAdded": ReasoningSummaryPartAddedEvent;
  "item/reasoning/summaryTextDelta": ReasoningSummaryTextDeltaEvent;
  "item/reasoning/textDelta": ReasoningTextDeltaEvent;
  "item/started": ItemStartedEvent;
  "serverRequest/resolved": ServerRequestResolvedEvent;
  "thread/closed": ThreadClosedEvent;
  "thread/started": ThreadStartedEvent;
  "thread/status/changed": ThreadStatusChangedEvent;
  "thread/tokenUsage/updated": TokenUsageUpdatedEvent;
  "turn/completed": TurnCompletedEvent;
  "turn/diff/updated": TurnDiffUpdatedEvent;
  "turn/plan/updated": TurnPlanUpdatedEvent;
  "turn/started": TurnStartedEvent;
  warning: WarningEvent;
}

/** An event of a sub-agent's own thread. Emitted with the turn option `agentEvents`. */
export interface AgentEvent extends AgentEventBase {
  readonly type: "codexkit.agent.event";
  readonly event: ThreadEvent;
}

/** The first event of a thread: it exists. */
export interface ThreadStartedEvent extends EventBase {
  readonly type: "thread.started";
  readonly threadId: string;
  /** App-server only. */
  readonly thread?: Thread;
}

/** A turn began. */
export interface TurnStartedEvent extends EventBase {
  readonly type: "turn.started";
  readonly threadId: string;
  /** App-server only. */
  readonly turn?: Turn;
}

/** A turn ended as completed, interrupted or failed. The last event of every turn that codex could end. */
export interface TurnCompletedEvent extends EventBase {
  readonly type: "turn.completed";
  readonly threadId: string;
  readonly turn: EndedTurn;
  /** Exec only, absent on failure. Counts the whole thread so far, not this turn alone. */
  readonly usage?: TokenUsage;
}

/**
 * The end of a turn. All fields except `status` and `error` are app-server only. `items` is a summary, not the turn's
 * items.
 */
export type EndedTurn = Readonly<Pick<Turn, "status"> & Partial<Omit<Turn, "status" | "error">>> & {
  readonly error?: TurnFailure | null;
};

/** The reason why a turn, or an attempt at it, failed. All fields except `message` are app-server only. */
export type TurnFailure = Readonly<Pick<TurnError, "message"> & Partial<Omit<TurnError, "message">>>;

/** An item began. A message or reasoning has no text yet. */
export interface ItemStartedEvent extends EventBase {
  readonly type: "item.started";
  readonly threadId: string;
  readonly item: ThreadItem;
  /** App-server only. */
  readonly startedAtMs?: number;
}

/** An item changed, usually a to-do list. Exec only. */
export interface ItemUpdatedEvent extends EventBase {
  readonly type: "item.updated";
  readonly threadId: string;
  readonly item: ThreadItem;
}

/** An item is finished. This is its final and only reliable state. An abandoned item never completes. */
export interface ItemCompletedEvent extends EventBase {
  readonly type: "item.completed";
  readonly threadId: string;
  readonly item: ThreadItem;
  /** App-server only. */
  readonly completedAtMs?: number;
  readonly contentTokenCount?: number | null;
}

/**
 * An error. With `willRetry` codex repeats the model request: `error.message` is then "Reconnecting... 1/5", and
 * `error.additionalDetails` the cause. Only `turn.completed` is final.
 */
export interface ErrorEvent extends EventBase {
  readonly type: "error";
  readonly threadId: string;
  readonly error: TurnFailure;
  /** Exec reports it only if it is true. */
  readonly willRetry?: boolean;
}

/** A warning that does not end the turn. `threadId` is null if it concerns no thread. */
export interface WarningEvent extends NotificationEvent<"warning"> {
  readonly type: "warning";
}

/** More text of the model's message. */
export interface AgentMessageDeltaEvent extends NotificationEvent<"item/agentMessage/delta"> {
  readonly type: "item.agentMessage.delta";
}

/** More text of the reasoning's summary. */
export interface ReasoningSummaryTextDeltaEvent extends NotificationEvent<"item/reasoning/summaryTextDelta"> {
  readonly type: "item.reasoning.summaryTextDelta";
}

/** The reasoning's summary has a new part. */
export interface ReasoningSummaryPartAddedEvent extends NotificationEvent<"item/reasoning/summaryPartAdded"> {
  readonly type: "item.reasoning.summaryPartAdded";
}

/** More text of the raw reasoning, if the provider sends it. */
export interface ReasoningTextDeltaEvent extends NotificationEvent<"item/reasoning/textDelta"> {
  readonly type: "item.reasoning.textDelta";
}

/** More text of a proposed plan. */
export interface PlanDeltaEvent extends NotificationEvent<"item/plan/delta"> {
  readonly type: "item.plan.delta";
}

/** More output of a command. Chunks may be missing; the completed item has the whole output. */
export interface CommandOutputDeltaEvent extends NotificationEvent<"item/commandExecution/outputDelta"> {
  readonly type: "item.commandExecution.outputDelta";
}

/** A patch grew while the model was still writing it. */
export interface FileChangePatchUpdatedEvent extends NotificationEvent<"item/fileChange/patchUpdated"> {
  readonly type: "item.fileChange.patchUpdated";
}

/** The start of an MCP server: `status` is `starting`, `ready`, `failed` or `cancelled`, and `error` the reason of a failure. */
export interface McpServerStatusEvent extends NotificationEvent<"mcpServer/startupStatus/updated"> {
  readonly type: "mcpServer.startupStatus.updated";
}

/** An MCP tool reports progress. */
export interface McpToolCallProgressEvent extends NotificationEvent<"item/mcpToolCall/progress"> {
  readonly type: "item.mcpToolCall.progress";
}

/** The diff of all changes of the turn so far. */
export interface TurnDiffUpdatedEvent extends NotificationEvent<"turn/diff/updated"> {
  readonly type: "turn.diff.updated";
}

/** The agent's current list of steps. */
export interface TurnPlanUpdatedEvent extends NotificationEvent<"turn/plan/updated"> {
  readonly type: "turn.plan.updated";
}

/** Tokens used: `total` by the whole thread, `last` by the last model request (not by the turn). */
export interface TokenUsageUpdatedEvent extends NotificationEvent<"thread/tokenUsage/updated"> {
  readonly type: "thread.tokenUsage.updated";
}

/** The thread became idle or active, or it waits for an answer. */
export interface ThreadStatusChangedEvent extends NotificationEvent<"thread/status/changed"> {
  readonly type: "thread.status.changed";
}

/** The server unloaded the thread. */
export interface ThreadClosedEvent extends NotificationEvent<"thread/closed"> {
  readonly type: "thread.closed";
}

/** A request of codex (an approval, a question) was answered or withdrawn. */
export interface ServerRequestResolvedEvent extends NotificationEvent<"serverRequest/resolved"> {
  readonly type: "serverRequest.resolved";
}
