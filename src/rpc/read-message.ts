import { isJsonObject, parseJson, type JsonObject, type JsonValue } from "../internal/json.js";
import type { Line } from "../internal/lines/line-channel.js";
import type { WireError } from "./rpc-errors.js";

/** One line of JSON-RPC. Its members decide its kind. */
export type ReadMessage =
  | { readonly kind: "notification"; readonly method: string; readonly message: JsonObject }
  | {
      readonly kind: "request";
      readonly id: string | number;
      readonly method: string;
      readonly params: JsonValue | undefined;
    }
  | { readonly kind: "result"; readonly id: string | number; readonly result: JsonValue }
  | { readonly kind: "error"; readonly id: string | number; readonly error: WireError }
  /** A response without a usable answer, but with the id of its request. */
  | { readonly kind: "broken"; readonly id: string | number; readonly problem: string }
  | { readonly kind: "malformed"; readonly problem: string };

/** Never throws. The `jsonrpc` member is not checked, because codex does not send it. */
export function readMessage(line: Line): ReadMessage {
  if (line.truncated) return readTruncated(line.text);
  const message = parseJson(line.text);
  if (message === undefined) return malformed("The line is not JSON.");
  if (!isJsonObject(message)) return malformed("The line is JSON, but no object.");
  const { id, method } = message;
  const hasId = typeof id === "string" || typeof id === "number";
  if (typeof method === "string") {
    if (hasId) return { kind: "request", id, method, params: message["params"] };
    return id === undefined ? { kind: "notification", method, message } : malformed("The request has no usable id.");
  }
  if (!hasId) return malformed("The message has neither a method nor an id.");
  if (message["error"] !== undefined) return { kind: "error", id, error: readError(message["error"]) };
  if (message["result"] !== undefined) return { kind: "result", id, result: message["result"] };
  return { kind: "broken", id, problem: "The response has neither a result nor an error." };
}

function readError(value: JsonValue): WireError {
  const error = isJsonObject(value) ? value : {};
  const { code, message, data } = error;
  return {
    code: typeof code === "number" ? code : 0,
    message: typeof message === "string" ? message : "no message",
    ...(data === undefined ? {} : { data }),
  };
}

/** Codex writes the id of a response first, and that of a request after the method. */
function readTruncated(text: string): ReadMessage {
  const problem = "The line is longer than the bound.";
  const answered = /^\{"id":(\d{1,15}),"(?:result|error)":/.exec(text)?.[1];
  if (answered !== undefined) return { kind: "broken", id: Number(answered), problem };
  const [, method, id] = /^\{"method":"([\w/]{1,200})","id":(\d{1,15}),/.exec(text) ?? [];
  if (method === undefined) return malformed(problem);
  return { kind: "request", id: Number(id), method, params: undefined };
}

function malformed(problem: string): ReadMessage {
  return { kind: "malformed", problem };
}
