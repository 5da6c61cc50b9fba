import type { JsonObject, JsonValue } from "../internal/json.js";

/** What a server request is answered with. */
export type PeerAnswer =
  | { readonly kind: "result"; readonly result: JsonValue }
  | { readonly kind: "error"; readonly error: { readonly code: number; readonly message: string } };

export interface PeerNotification {
  readonly kind: "notification";
  readonly method: string;
  /** The whole message as it was parsed, `method` and `params` and whatever else there is. */
  readonly message: JsonObject;
  /** The line it came in. */
  readonly raw: string;
}

export interface PeerRequest {
  readonly kind: "request";
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonValue | undefined;
  readonly raw: string;
  /**
   * Answers the request, at any later time. The first answer counts, further ones are ignored. Never rejects: where
   * the connection is gone there is nobody left to answer.
   */
  respond(answer: PeerAnswer): Promise<void>;
}

/** A line that is no message, or a response that nobody waits for. `problem` is one sentence for a log. */
export interface PeerMalformed {
  readonly kind: "malformed";
  readonly raw: string;
  readonly truncated: boolean;
  readonly problem: string;
}

/** Everything the other side says, except the answers to our requests. */
export type PeerMessage = PeerNotification | PeerRequest | PeerMalformed;
