import type { JsonValue } from "../../internal/json.js";

/** A call of a tool as the model made it. Mirrors the app-server's `DynamicToolCallParams`. */
export interface ToolCall {
  readonly threadId: string;
  /** Null on exec where codex tells none. */
  readonly turnId: string | null;
  readonly callId: string;
  readonly namespace: string | null;
  readonly tool: string;
  /** Not validated by codex. */
  readonly arguments: JsonValue;
}

/** What a tool is told of the call it serves. `C` is the caller's own context: `context` of the turn, thread or run. */
export interface ToolCallContext<C = unknown> {
  readonly threadId: string;
  readonly turnId: string | null;
  readonly callId: string;
  readonly tool: string;
  readonly namespace: string | null;
  /** Which try of the turn it is under `runAuto`, from 1. */
  readonly attempt: number;
  /** Fires when the call's time is up, the turn ends, or codex gives the call up. */
  readonly signal: AbortSignal;
  readonly logger: ToolLogger;
  readonly context: C;
}

/** Where a tool may log to; `logger` of the client. Default: nowhere. */
export interface ToolLogger {
  debug(message: string, details?: object): void;
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  error(message: string, details?: object): void;
}
