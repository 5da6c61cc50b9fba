// The client
export { Codex } from "./client/codex.js";
export type { CodexOptions } from "./client/codex-options.js";
export type { AppServer } from "./client/app-server.js";
export { resolveCodex, type ResolveCodexOptions, type ResolvedCodex } from "./client/resolve-codex.js";

// Threads and turns
export type { Thread } from "./thread/thread.js";
export type { Turn } from "./thread/turn/turn.js";
export type { ThreadStartOptions, ThreadUpdate } from "./thread/thread-options.js";
export type { ThreadState } from "./thread/thread-state.js";
export type { TurnOptions } from "./thread/turn/turn-options.js";
export type { PartialTurnResult, TurnResult, TurnUsage } from "./thread/turn/turn-result.js";
export type { Input, UserInput } from "./thread/turn/turn-input.js";
export type { OutputOf, OutputSchema } from "./thread/output/output-schema.js";
export type { SchemaPair } from "./internal/schema-source.js";
export type { StandardSchema } from "./internal/standard-schema.js";

// Host tools
export { tool, type AnyTool, type Tool } from "./tools/tool.js";
export { toolMethod, type ToolMethodOptions, toolsOf } from "./tools/tool-method.js";
export { ToolRegistry, type ToolMetadata } from "./tools/tool-registry.js";
export { toolOutput, type ToolOutput, type ToolOutputPart, type ToolResult } from "./tools/call/tool-output.js";
export type { ToolOptions, ToolSettings } from "./tools/tool-options.js";
export type { ArgumentsOf, ToolParameters } from "./tools/schema/tool-parameters.js";
export type { ToolCallContext, ToolLogger } from "./tools/call/tool-call.js";
export type { ToolDefinition } from "./tools/tool-definition.js";
export type {
  ToolGuardrail,
  ToolGuardrailVerdict,
  ToolInput,
  ToolInputAndOutput,
  ToolInputGuardrail,
  ToolOutputGuardrail,
} from "./tools/call/tool-guardrail.js";
export type { ToolLatency, ToolMetrics } from "./tools/tool-metrics.js";
export type { HandlerOptions } from "./thread/handler-options.js";

// Approvals
export { all, allow, type ApprovalRule, ask, deny, first, type Verdict } from "./approvals/rules/approval-rule.js";
export { allowSandboxed } from "./approvals/rules/allow-sandboxed.js";
export { match, type ApprovalPattern } from "./approvals/rules/match.js";
export type {
  ApprovalDecision,
  ApprovalHandler,
  AcceptDecision,
  AcceptForSessionDecision,
  AcceptWithPolicyAmendmentDecision,
  AnswerDecision,
  CancelDecision,
  DeclineDecision,
  DecisionFor,
  DeferDecision,
} from "./approvals/approval-decision.js";
export type {
  ApprovalKind,
  ApprovalRequest,
  CommandApprovalRequest,
  ElicitationApprovalRequest,
  FileChangeApprovalRequest,
  McpToolApprovalRequest,
  PermissionsApprovalRequest,
  ToolApprovalRequest,
  UserInputApprovalRequest,
  UserInputQuestion,
} from "./protocol/events/approval-request.js";
export type { Interruption, Interruptions, MadeDecision } from "./approvals/interruptions.js";

// Runs of several turns
export { MaxTurnsError, RunCallbackError, autoRunResultOf } from "./thread/auto-run/auto-run-errors.js";
export type {
  AutoRunCheckpoint,
  AutoRunOptions,
  RunGuardrails,
  Until,
  UntilAnswer,
  UntilContext,
} from "./thread/auto-run/auto-run-options.js";
export type {
  AutoRunAttempt,
  AutoRunResult,
  AutoRunStopReason,
  AutoRunTrip,
  AutoRunTurn,
  AutoRunUsage,
} from "./thread/auto-run/auto-run-result.js";
export type { AutoRunState, AutoRunTurnSummary } from "./thread/auto-run/auto-run-state.js";
export type { AutoRun } from "./thread/auto-run/auto-run.js";
export type { AutoRunSetup } from "./thread/auto-run/auto-run-options.js";
export type { RetryPolicy } from "./thread/auto-run/retry-policy.js";
export type {
  GuardrailVerdict,
  InputCheck,
  InputGuardrail,
  OutputCheck,
  OutputGuardrail,
} from "./thread/auto-run/run-guardrails.js";
export type { RunHookCalls, RunHooks, TurnPlace } from "./thread/auto-run/run-hooks.js";

// Options
export type {
  ApprovalPolicy,
  CodexConfigObject,
  CodexConfigValue,
  ModelReasoningEffort,
  ModelReasoningSummary,
  ProtectedPath,
  SandboxMode,
  SharedOptions,
  ThreadOptions,
  TransportName,
  TransportOptions,
  WebSearchMode,
} from "./transport/options/options.js";
export type { Transport, TransportInfo } from "./transport/transport.js";

// Events and items; all of them are in `codexkit/protocol`
export type { ThreadEvent, ThreadItem, TokenUsage } from "./protocol/index.js";
export { plainCommandOf } from "./protocol/items/plain-command.js";

// Names of the official TypeScript SDK, for programs that move over
export type { TurnResult as RunResult } from "./thread/turn/turn-result.js";
export type { TokenUsage as Usage } from "./protocol/index.js";
export type { ApprovalPolicy as ApprovalMode } from "./transport/options/options.js";

// Errors
export { CodexError } from "./errors/codex-error.js";
export type { ErrorCode } from "./errors/error-codes.js";
export { partialResultOf } from "./thread/turn/turn-result.js";
export { ApprovalGoneError } from "./approvals/interruptions.js";
export { ApprovalViolatedError } from "./approvals/approval-violated-error.js";
export { AbortedError } from "./errors/aborted-error.js";
export { ClientClosedError } from "./errors/client-closed-error.js";
export { GuardrailError } from "./errors/guardrail-error.js";
export { PeerMissingError } from "./errors/peer-missing-error.js";
export { OptionError } from "./errors/option-error.js";
export { ThreadNotSavedError } from "./errors/thread-not-saved-error.js";
export { TransportClosedError } from "./errors/transport-closed-error.js";
export { UnsupportedFeatureError } from "./errors/unsupported-feature-error.js";
export { BinaryNotExecutableError, BinaryNotFoundError, UnsafeBinaryError } from "./process/locate/binary-errors.js";
export { ProcessExitedError } from "./process/spawn/process-exited-error.js";
export { RpcError, RpcOverloadedError, RpcTimeoutError } from "./rpc/rpc-errors.js";
export { retryOnOverload, type RetryOnOverloadOptions } from "./rpc/retry-on-overload.js";
export {
  ConfigError,
  McpServerError,
  NotCodexError,
  ThreadDamagedError,
  ThreadLockedError,
  ThreadNotFoundError,
  UnsupportedVersionError,
} from "./transport/launch/codex-errors.js";
export { HomeUnusableError } from "./transport/launch/home-error.js";
export { TemporaryFolderError } from "./transport/launch/temporary-folder.js";
export { ProtocolError } from "./errors/protocol-error.js";
export {
  StructuredOutputError,
  ThreadBusyError,
  TurnConsumedError,
  TurnFailedError,
  TurnNotActiveError,
  TurnTimeoutError,
} from "./thread/turn/turn-errors.js";
