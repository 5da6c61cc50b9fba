import type { JsonObject, JsonValue } from "../internal/json.js";

/** The answer to a server request. */
export type PeerAnswer =
  | { readonly kind: "result"; readonly result: JsonValue }
  | { readonly kind: "error"; readonly error: { readonly code: number; readonly message: string } };

export interface PeerNotification {
  readonly kind: "notification";
  readonly method: string;
  /** The whole parsed message: `method`, `params` and all other members. */
  readonly message: JsonObject;
  /** The line of the message. */
  readonly raw: string;
}

export interface PeerRequest {
  readonly kind: "request";
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonValue | undefined;
  readonly raw: string;
  /**
   * Answers the request, at any later time. The first answer counts, further ones are ignored. Never rejects: after the end
   * of the connection the answer is dropped.
   */
  respond(answer: PeerAnswer): Promise<void>;
}

/** A line that is no message, or a response without a pending request. `problem` is one sentence for a log. */
export interface PeerMalformed {
  readonly kind: "malformed";
  readonly raw: string;
  readonly truncated: boolean;
  readonly problem: string;
}

/** Every message of the other side, except the responses to our requests. */
export type PeerMessage = PeerNotification | PeerRequest | PeerMalformed;
