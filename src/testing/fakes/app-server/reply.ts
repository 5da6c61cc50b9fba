import type { JsonObject, JsonValue } from "../../../internal/json.js";
import { stall, type Hold } from "../../script/hold.js";

/** An answer of the fake app-server to one request, in place of the usual one. */
export type Reply =
  | { readonly type: "asUsual" }
  | { readonly type: "result"; readonly result: JsonValue | ((params: JsonObject) => JsonValue) }
  | { readonly type: "error"; readonly code: number; readonly message: string; readonly data: JsonValue | undefined }
  | { readonly type: "none" }
  | { readonly type: "late"; readonly until: Hold }
  | { readonly type: "twice" }
  | { readonly type: "overtaken" };

/** Answers with this result, even if the fake does not support the method. A function receives the request's params. */
export function reply(result: JsonValue | ((params: JsonObject) => JsonValue)): Reply {
  return { type: "result", result };
}

/** Answers with an error. Codex uses -32001 for an overload and -32600 for nearly every other error. */
export function errorReply(code: number, message: string, data?: JsonValue): Reply {
  return { type: "error", code, message, data };
}

/** Ignores the request and never answers, as codex does with some requests of a large burst. */
export function noReply(): Reply {
  return { type: "none" };
}

/** Handles the request as usual after a hold or a number of milliseconds. */
export function lateReply(until: Hold | number): Reply {
  return { type: "late", until: typeof until === "number" ? stall(until) : until };
}

/** Sends the usual answer twice. */
export function doubleReply(): Reply {
  return { type: "twice" };
}

/** Sends the usual answer after the notifications that usually follow it, as codex does for one of five `turn/start`. */
export function overtakenReply(): Reply {
  return { type: "overtaken" };
}

/** Sends the usual answer. Use it for a request between two intercepted ones. */
export function usualReply(): Reply {
  return { type: "asUsual" };
}
