// The client
export { Codex } from "./client/codex.js";
export type { CodexOptions, ThreadStartOptions } from "./client/codex-options.js";
export type { AppServer } from "./client/app-server.js";
export { resolveCodex, type ResolveCodexOptions, type ResolvedCodex } from "./client/resolve-codex.js";

// Threads and turns
export type { Thread } from "./thread/thread.js";
export type { Turn } from "./thread/turn.js";
export type { ThreadState } from "./thread/thread-state.js";
export type { TurnOptions } from "./thread/turn-options.js";
export type { PartialTurnResult, TurnResult, TurnUsage } from "./thread/turn-result.js";
export type { Input, UserInput } from "./thread/turn-input.js";
export type { OutputOf, OutputSchema } from "./thread/output-schema.js";
export type { SchemaPair } from "./internal/schema-source.js";
export type { StandardSchema } from "./internal/standard-schema.js";

// Options
export type {
  ApprovalPolicy,
  CodexConfigObject,
  CodexConfigValue,
  ModelReasoningEffort,
  ModelReasoningSummary,
  SandboxMode,
  SharedOptions,
  ThreadOptions,
  TransportName,
  TransportOptions,
  WebSearchMode,
} from "./transport/options.js";
export type { Transport, TransportInfo } from "./transport/transport.js";

// Events and items; all of them are in `codexkit/protocol`
export type { ThreadEvent, ThreadItem, TokenUsage } from "./protocol/index.js";

// Names of the official TypeScript SDK, for programs that move over
export type { TurnResult as RunResult } from "./thread/turn-result.js";
export type { TokenUsage as Usage } from "./protocol/index.js";
export type { ApprovalPolicy as ApprovalMode } from "./transport/options.js";

// Errors
export { CodexError } from "./errors/codex-error.js";
export type { ErrorCode } from "./errors/error-codes.js";
export { partialResultOf } from "./thread/partial-result-of.js";
export { AbortedError } from "./errors/aborted-error.js";
export { ClientClosedError } from "./errors/client-closed-error.js";
export { OptionError } from "./errors/option-error.js";
export { TransportClosedError } from "./errors/transport-closed-error.js";
export { UnsupportedFeatureError } from "./errors/unsupported-feature-error.js";
export { BinaryNotExecutableError, BinaryNotFoundError } from "./process/binary-errors.js";
export { ProcessExitedError } from "./process/process-exited-error.js";
export { RpcError, RpcOverloadedError, RpcTimeoutError } from "./rpc/rpc-errors.js";
export {
  ConfigError,
  NotCodexError,
  ThreadLockedError,
  ThreadNotFoundError,
  UnsupportedVersionError,
} from "./transport/codex-errors.js";
export { ProtocolError } from "./errors/protocol-error.js";
export {
  StructuredOutputError,
  ThreadBusyError,
  TurnConsumedError,
  TurnFailedError,
  TurnNotActiveError,
  TurnTimeoutError,
} from "./thread/turn-errors.js";
