import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { checkShape } from "../shapes/check-shape.js";
import type { ServerRequests } from "../generated/methods.js";
import { requestShapes } from "../generated/shapes.js";
import type { Decoded } from "./decode-result.js";

/** The method of a request that the server sends and that must be answered. */
export type ServerRequestMethod = keyof ServerRequests;

/** True for a method that this version knows. */
export function isServerRequestMethod(method: string): method is ServerRequestMethod {
  return Object.hasOwn(requestShapes, method);
}

/** Returns the params of a request after a check of their required fields. */
export function decodeServerRequest<Method extends ServerRequestMethod>(
  method: Method,
  params: JsonValue | undefined,
): Decoded<ServerRequests[Method]["params"]> {
  if (!isJsonObject(params)) return { ok: false, problem: `${method}: params is not an object` };
  const problem = checkShape(requestShapes[method] ?? "", params);
  if (problem !== undefined) return { ok: false, problem: `${method}: params.${problem}` };
  return { ok: true, value: params as unknown as ServerRequests[Method]["params"] };
}
