import type { JsonObject } from "../../../internal/json.js";

/**
 * Whether a replay expects a request. The client must send a `required` request. A `handshake` is answered from the
 * recording without a comparison. `housekeeping` and `unsubscribe` requests depend on timing, so the client may omit or add
 * them; a `unsubscribe` unsubscribes from a thread.
 */
export type Duty = "required" | "handshake" | "housekeeping" | "unsubscribe";

export function dutyOf(method: string): Duty {
  return duties[method] ?? "required";
}

/** Returns the usual result of a request that the client may send even if the recording does not contain it. */
export function usualResult(method: string, params: JsonObject): JsonObject | undefined {
  switch (method) {
    case "account/login/start":
      return { type: params["type"] ?? "apiKey" };
    case "thread/backgroundTerminals/clean":
      return {};
    case "thread/backgroundTerminals/list":
      return { data: [], nextCursor: null };
    case "thread/unsubscribe":
      return { status: "unsubscribed" };
    default:
      return undefined;
  }
}

const duties: Readonly<Record<string, Duty>> = {
  initialize: "handshake",
  "account/login/start": "handshake",
  "thread/backgroundTerminals/clean": "housekeeping",
  "thread/backgroundTerminals/list": "housekeeping",
  "thread/unsubscribe": "unsubscribe",
};
