import type { JsonValue } from "../../internal/json.js";

/** A JSON-RPC request from codex to the client, which waits for an answer. */
export interface ServerRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonValue;
  readonly threadId: string | null;
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
