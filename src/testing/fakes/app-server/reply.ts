import type { JsonObject, JsonValue } from "../../../internal/json.js";
import { stall, type Hold } from "../../script/hold.js";

/** How the fake app-server answers one request instead of as codex would. */
export type Reply =
  | { readonly type: "asUsual" }
  | { readonly type: "result"; readonly result: JsonValue | ((params: JsonObject) => JsonValue) }
  | { readonly type: "error"; readonly code: number; readonly message: string; readonly data: JsonValue | undefined }
  | { readonly type: "none" }
  | { readonly type: "late"; readonly until: Hold }
  | { readonly type: "twice" }
  | { readonly type: "overtaken" };

/** Answers with this result, also to a method that the fake does not know. A function gets the request's params. */
export function reply(result: JsonValue | ((params: JsonObject) => JsonValue)): Reply {
  return { type: "result", result };
}

/** Answers with an error: -32001 is codex's overload, -32600 nearly everything else. */
export function errorReply(code: number, message: string, data?: JsonValue): Reply {
  return { type: "error", code, message, data };
}

/** Never answers, and does nothing: what codex does with some requests of a large burst. */
export function noReply(): Reply {
  return { type: "none" };
}

/** Handles the request as usual, but only after a hold or a number of milliseconds. */
export function lateReply(until: Hold | number): Reply {
  return { type: "late", until: typeof until === "number" ? stall(until) : until };
}

/** Answers as usual, twice. */
export function doubleReply(): Reply {
  return { type: "twice" };
}

/** Answers as usual, but after the notifications that follow: what codex does in one of five `turn/start`. */
export function overtakenReply(): Reply {
  return { type: "overtaken" };
}

/** Answers as usual: for the calls between two that are intercepted. */
export function usualReply(): Reply {
  return { type: "asUsual" };
}
