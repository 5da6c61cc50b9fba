import type { JsonObject, JsonValue } from "../internal/json.js";
import type { ToolDefinition } from "./tool-definition.js";

/**
 * Serves tools to codex over MCP from inside this process, on loopback: what exec has instead of dynamic tools, and how a
 * resumed thread of the app-server gets a set that has changed. `mcp/tool-host.ts` is the one that does.
 */
export interface ToolHost {
  /** Opens an endpoint of its own address and token, for one thread or one turn. */
  serve(endpoint: ToolEndpointOptions): Promise<ToolEndpoint>;
  /** Closes all endpoints and the listener. Idempotent; it never rejects. */
  close(): Promise<void>;
}

/** Makes the host when it is first needed; throws `PEER_MISSING` where the MCP SDK is not installed. */
export type CreateToolHost = () => Promise<ToolHost>;

export interface ToolEndpointOptions {
  /** All that codex shows of the server to a model that has its tools deferred. */
  readonly instructions: string;
  /** Asked at each `tools/list`. A namespaced tool is called `<namespace>__<name>` there. */
  readonly tools: () => readonly ToolDefinition[];
  /** One call. A rejection is told to the model as a failure without its text. */
  readonly call: (call: HostedToolCall) => Promise<HostedToolResult>;
}

export interface HostedToolCall {
  readonly definition: ToolDefinition;
  readonly arguments: JsonValue;
  /** What codex says of the call in `_meta`; null where it does not. */
  readonly threadId: string | null;
  readonly turnId: string | null;
  readonly callId: string | null;
  /** Fires when codex cancels the call or its connection is gone. */
  readonly signal: AbortSignal;
}

/** Mirrors the app-server's `DynamicToolCallResponse`, so that a call is answered alike on both transports. */
export interface HostedToolResult {
  readonly success: boolean;
  readonly contentItems: readonly JsonObject[];
}

export interface ToolEndpoint {
  /** `http://127.0.0.1:<port>/<path>`; the path is the endpoint's own. */
  readonly url: string;
  /** The bearer token that every request must carry. */
  readonly token: string;
  /** Ends its sessions and the calls under way. Idempotent; it never rejects. */
  close(): Promise<void>;
}
