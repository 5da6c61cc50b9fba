import type { JsonObject } from "../../../internal/json.js";

/**
 * What a replay expects of a request: `required` requests must be made; a `greeting` is answered as recorded and not
 * compared; `housekeeping` and `farewell` depend on timing, so they may be made or not.
 */
export type Duty = "required" | "greeting" | "housekeeping" | "farewell";

export function dutyOf(method: string): Duty {
  return duties[method] ?? "required";
}

/** The usual answer to a request that may be made although it is not in the recording. */
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
  initialize: "greeting",
  "account/login/start": "greeting",
  "thread/backgroundTerminals/clean": "housekeeping",
  "thread/backgroundTerminals/list": "housekeeping",
  "thread/unsubscribe": "farewell",
};
