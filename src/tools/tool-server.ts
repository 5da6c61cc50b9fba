import type { JsonObject, JsonValue } from "../internal/json.js";
import type { ToolDefinition } from "./tool-definition.js";

/**
 * An MCP server on loopback, inside this process, that serves tools to codex. exec has no dynamic tools and uses it for all
 * tools; the app-server uses it for the tools of a resumed thread that have changed. `mcp/tool-server.ts` implements it.
 */
export interface ToolServer {
  /** Opens an endpoint with its own address and token, for one thread or one turn. */
  serve(endpoint: ToolEndpointOptions): Promise<ToolEndpoint>;
  /** Closes all endpoints and the listener. Idempotent; it never rejects. */
  close(): Promise<void>;
}

/** Creates the server when it is first needed. Rejects with `PEER_MISSING` if the MCP SDK is not installed. */
export type CreateToolServer = () => Promise<ToolServer>;

export interface ToolEndpointOptions {
  /** The server's instructions. A model with deferred tools sees nothing else of the server. */
  readonly instructions: string;
  /** Called for each `tools/list`. A namespaced tool has the name `<namespace>__<name>` there. */
  readonly tools: () => readonly ToolDefinition[];
  /** Called for each tool call. If it rejects, the model receives a failure without the error's text. */
  readonly call: (call: ServedToolCall) => Promise<ServedToolResult>;
}

export interface ServedToolCall {
  readonly definition: ToolDefinition;
  readonly arguments: JsonValue;
  /** These ids come from the call's `_meta`; `null` if codex sent none. */
  readonly threadId: string | null;
  /** The thread that started the sub-agent; `null` for a call of the turn itself. */
  readonly parentThreadId: string | null;
  readonly turnId: string | null;
  readonly callId: string | null;
  /** Aborts when codex cancels the call or its connection closes. */
  readonly signal: AbortSignal;
}

/** Mirrors the app-server's `DynamicToolCallResponse`, so that a call has the same answer on both transports. */
export interface ServedToolResult {
  readonly success: boolean;
  readonly contentItems: readonly JsonObject[];
}

export interface ToolEndpoint {
  /** `http://127.0.0.1:<port>/<path>`; the path is the endpoint's own. */
  readonly url: string;
  /** The bearer token that every request must send. */
  readonly token: string;
  /** Ends its sessions and the running calls. Idempotent; it never rejects. */
  close(): Promise<void>;
}
