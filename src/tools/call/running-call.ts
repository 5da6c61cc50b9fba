import type { CodexError } from "../../errors/codex-error.js";
import type { ToolCompletedEvent, ToolStartedEvent } from "../../protocol/index.js";
import type { AnyTool, ToolParts } from "../tool.js";
import type { ToolSet } from "../tool-set.js";
import type { ToolCall, ToolCallContext, ToolLogger } from "./tool-call.js";

/** A call that runs through the steps: prepare, approve, invoke. */
export interface RunningCall {
  readonly tool: AnyTool;
  readonly parts: ToolParts;
  readonly call: ToolCall;
  readonly context: ToolCallContext;
  readonly turn: CallTurn;
}

/** The turn of a call, as far as the call needs it. */
export interface CallTurn {
  readonly tools: ToolSet;
  /** The value that the tool receives as `context`. */
  readonly context: unknown;
  /** The number of this attempt at the turn, starting at 1. */
  readonly attempt: number;
  readonly logger: ToolLogger;
  /** Aborts when the turn ends or codex withdraws the call. */
  readonly signal: AbortSignal;
  emit(event: ToolStartedEvent | ToolCompletedEvent): void;
  /** Requests an approval of the call, with its validated arguments. If it is absent, the call is declined. */
  readonly approve?: ((call: ToolCall) => Promise<CallApproval>) | undefined;
  /** Ends the turn with the error, before the call is answered. */
  stop(error: CodexError): void;
}

export type CallApproval =
  { readonly kind: "accepted" } | { readonly kind: "declined"; readonly reason?: string | null | undefined };
