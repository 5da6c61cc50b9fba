import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { checkShape } from "../shapes/check-shape.js";
import type { ServerRequests } from "../generated/methods.js";
import { refusals } from "../generated/refusals.js";
import { requestShapes } from "../generated/shapes.js";
import type { Decoded } from "./decode-result.js";
import type { ServerRequestAnswer } from "./server-request-answer.js";

/** A request the server sends, which must be answered. */
export type ServerRequestMethod = keyof ServerRequests;

/** True for the requests this version knows. */
export function isServerRequestMethod(method: string): method is ServerRequestMethod {
  return Object.hasOwn(requestShapes, method);
}

/** The params of a request, checked for their required fields. */
export function decodeServerRequest<Method extends ServerRequestMethod>(
  method: Method,
  params: JsonValue | undefined,
): Decoded<ServerRequests[Method]["params"]> {
  if (!isJsonObject(params)) return { ok: false, problem: `${method}: params is not an object` };
  const problem = checkShape(requestShapes[method] ?? "", params);
  if (problem !== undefined) return { ok: false, problem: `${method}: params.${problem}` };
  return { ok: true, value: params as unknown as ServerRequests[Method]["params"] };
}

/**
 * The "no" to a request of the server: a valid answer of its own kind that grants nothing and lets the turn go on, and a
 * JSON-RPC error where its kind has no such answer. A method this version does not know is refused by an error.
 */
export function refuseServerRequest(method: string): ServerRequestAnswer {
  if (isServerRequestMethod(method)) return refusals[method];
  return { kind: "error", error: { code: -32601, message: `The host does not know ${method}.` } };
}
