import type { JsonValue } from "../../internal/json.js";

/** A JSON-RPC request from codex to the client, which waits for an answer. */
export interface ServerRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonValue;
  readonly threadId: string | null;
  /** The sub-agent that the request is of; absent if it is of the turn itself. */
  readonly agent?: AgentOrigin;
}

/** A sub-agent: a thread of its own that works for a turn. Codex starts it when the model calls `spawn_agent`. */
export interface AgentOrigin {
  readonly threadId: string;
  /** The thread that started the agent: that of the turn or of another agent. Null if codex has not reported it. */
  readonly parentThreadId: string | null;
  /** The agent's place in the tree, such as `/root/look`; null for models whose agents have no paths. */
  readonly agentPath: string | null;
}

/** The response to a server request. */
export type ServerRequestAnswer =
  | { readonly kind: "result"; readonly result: JsonValue }
  | { readonly kind: "error"; readonly error: ServerRequestError };

/** A JSON-RPC error. */
export interface ServerRequestError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}
