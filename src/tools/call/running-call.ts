import type { CodexError } from "../../errors/codex-error.js";
import type { JsonValue } from "../../internal/json.js";
import type { ToolCompletedEvent, ToolStartedEvent } from "../../protocol/index.js";
import type { AnyTool } from "../tool.js";
import type { ToolCall, ToolLogger } from "./tool-call.js";
import type { ToolSet } from "../tool-set.js";

/** What a call needs of its turn. */
export interface ToolCallHost {
  readonly tools: ToolSet;
  /** What the tool gets as `context`. */
  readonly context: unknown;
  /** Which try of the turn it is, from 1. */
  readonly attempt: number;
  readonly logger: ToolLogger;
  /** Fires when the turn ends, or nobody waits for the answer any longer. */
  readonly signal: AbortSignal;
  emit(event: ToolStartedEvent | ToolCompletedEvent): void;
  /** Asks whether a call may be made. Without it the answer is no. */
  readonly approve?: ((request: ToolApprovalQuestion) => Promise<ToolApproval>) | undefined;
  /** Ends the turn with this error, before the call is answered. */
  stop(error: CodexError): void;
}

export interface ToolApprovalQuestion {
  readonly call: ToolCall;
  readonly tool: AnyTool;
  /** Validated: what `execute` would get. */
  readonly arguments: JsonValue;
  readonly signal: AbortSignal;
}

export type ToolApproval =
  { readonly kind: "accepted" } | { readonly kind: "declined"; readonly reason?: string | null | undefined };
