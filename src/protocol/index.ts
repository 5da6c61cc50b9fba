// Events
export type {
  AgentEvent,
  AgentMessageDeltaEvent,
  CommandOutputDeltaEvent,
  EndedTurn,
  ErrorEvent,
  FileChangePatchUpdatedEvent,
  ItemCompletedEvent,
  ItemStartedEvent,
  ItemUpdatedEvent,
  McpServerStatusEvent,
  McpToolCallProgressEvent,
  PlanDeltaEvent,
  ReasoningSummaryPartAddedEvent,
  ReasoningSummaryTextDeltaEvent,
  ReasoningTextDeltaEvent,
  ServerEvent,
  ServerRequestResolvedEvent,
  ThreadClosedEvent,
  ThreadEvent,
  ThreadStartedEvent,
  ThreadStatusChangedEvent,
  TokenUsageUpdatedEvent,
  TurnCompletedEvent,
  TurnDiffUpdatedEvent,
  TurnFailure,
  TurnPlanUpdatedEvent,
  TurnStartedEvent,
  WarningEvent,
} from "./events/event.js";
export type { EventBase, EventType, NotificationEvent, WireResidue } from "./events/notification-event.js";
export type {
  AgentCompletedEvent,
  AgentStartedEvent,
  ApprovalRequestedEvent,
  ApprovalResolvedEvent,
  ApprovalViolatedEvent,
  AutoRunCompletedEvent,
  AutoRunGuardrailEvent,
  AutoRunReason,
  AutoRunRetryEvent,
  AutoRunStartedEvent,
  AutoRunTurnEvent,
  CodexkitEvent,
  CodexkitWarningEvent,
  ProtocolWarningEvent,
  RequestRefusedEvent,
  StreamLaggingEvent,
  ThreadReplacedEvent,
  ThreadUnsavedEvent,
  ToolCompletedEvent,
  ToolOutcome,
  ToolsChangedEvent,
  ToolStartedEvent,
  UnknownEvent,
} from "./events/own-event.js";
export type {
  ApprovalKind,
  ApprovalRequest,
  ApprovalRequestBase,
  CommandApprovalRequest,
  ElicitationApprovalRequest,
  FileChangeApprovalRequest,
  McpToolApprovalRequest,
  PermissionsApprovalRequest,
  ToolApprovalRequest,
  UserInputApprovalRequest,
  UserInputQuestion,
} from "./events/approval-request.js";

// Items
export type {
  AgentMessageItem,
  CollabAgentToolCallItem,
  CommandExecutionItem,
  ContextCompactionItem,
  DynamicToolCallItem,
  EnteredReviewModeItem,
  ErrorItem,
  ExitedReviewModeItem,
  FileChange,
  FileChangeItem,
  FileChangeKind,
  FunctionCallOutputItem,
  HookPromptItem,
  ImageGenerationItem,
  ImageViewItem,
  McpToolCallItem,
  McpToolResult,
  PlanItem,
  ReasoningItem,
  SleepItem,
  SubAgentActivityItem,
  ThreadItem,
  ThreadItemType,
  TodoListItem,
  UnknownItem,
  UserMessageItem,
  WebSearchItem,
} from "./items/item.js";
export type { TokenUsage } from "./events/usage.js";

// Decoding and encoding
export { createExecDecoder, type ExecDecoder, type ExecDecoderOptions } from "./exec/decode-exec.js";
export { decodeItem } from "./items/decode-item.js";
export { plainCommandOf } from "./items/plain-command.js";
export { decodeNotification } from "./notifications/decode-notification.js";
export { encodeEvent, type Wire } from "./encode-event.js";
export { toProtocolWarning, type BadLine } from "./events/protocol-warning.js";

// Methods: requests of a client
export { decodeResult, type Decoded } from "./methods/decode-result.js";
export {
  clientMethod,
  isClientMethod,
  type ClientMethod,
  type ClientMethodName,
  type ParamsOf,
  type ResultOf,
} from "./methods/method.js";
export {
  clientMethods,
  serverNotifications,
  serverRequests,
  type ClientMethods,
  type ServerNotifications,
  type ServerRequests,
  type Stability,
} from "./generated/methods.js";

// Requests of the server
export { decodeServerRequest, isServerRequestMethod, type ServerRequestMethod } from "./methods/server-request.js";
export { refuseServerRequest } from "./methods/refuse-server-request.js";
export type { ServerRequestAnswer, ServerRequestError } from "./methods/server-request-answer.js";

// The supported versions of codex
export {
  capabilities,
  describeStanding,
  hasCapability,
  knownBadVersions,
  standingOf,
  supportedVersions,
  versionOfUserAgent,
} from "./capabilities.js";
export type { Capability, KnownDefect, VersionStanding } from "./capabilities.js";

// Types of the wire that the names above refer to
export type {
  ApprovalsReviewer,
  AskForApproval,
  CodexErrorInfo,
  CollabAgentState,
  CommandAction,
  DynamicToolCallOutputContentItem,
  DynamicToolSpec,
  Model,
  ModelListResponse,
  ReasoningEffort,
  SandboxMode,
  SandboxPolicy,
  Thread,
  ThreadStatus,
  ThreadTokenUsage,
  TokenUsageBreakdown,
  Turn,
  TurnPlanStep,
  TurnStatus,
  UserInput,
  WireThreadItem,
} from "./generated/types.js";

// JSON
export type { JsonObject, JsonValue } from "../internal/json.js";
