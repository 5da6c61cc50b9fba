import type { JsonValue } from "../../internal/json.js";

/** What is sent back for a request of the server. */
export type ServerRequestAnswer =
  | { readonly kind: "result"; readonly result: JsonValue }
  | { readonly kind: "error"; readonly error: ServerRequestError };

/** A JSON-RPC error. */
export interface ServerRequestError {
  readonly code: number;
  readonly message: string;
  readonly data?: JsonValue;
}
