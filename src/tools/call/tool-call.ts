import type { JsonValue } from "../../internal/json.js";

/** A call of a tool as the model made it. Mirrors the app-server's `DynamicToolCallParams`. */
export interface ToolCall {
  readonly threadId: string;
  /** `null` on exec if codex reports no turn. */
  readonly turnId: string | null;
  readonly callId: string;
  readonly namespace: string | null;
  readonly tool: string;
  /** The model's arguments. codex does not validate them. */
  readonly arguments: JsonValue;
}

/** The call, as a tool's functions receive it. `C` is the type of your own `context`, an option of the turn, thread or client. */
export interface ToolCallContext<C = unknown> {
  readonly threadId: string;
  readonly turnId: string | null;
  readonly callId: string;
  readonly tool: string;
  readonly namespace: string | null;
  /** The number of this attempt at the turn under `runAuto`, starting at 1. */
  readonly attempt: number;
  /** Aborts at the tool's `timeoutMs`, when the turn ends, or when codex cancels the call. */
  readonly signal: AbortSignal;
  readonly logger: ToolLogger;
  readonly context: C;
}

/** The log of a tool: the `logger` of the client. Default: discards all entries. */
export interface ToolLogger {
  debug(message: string, details?: object): void;
  info(message: string, details?: object): void;
  warn(message: string, details?: object): void;
  error(message: string, details?: object): void;
}
