import { refusals } from "../generated/refusals.js";
import type { ServerRequestAnswer } from "./server-request-answer.js";

/**
 * Returns the refusal of a request of the server: a valid answer of its own kind that grants nothing and lets the turn
 * continue, or a JSON-RPC error if its kind has no such answer or this version does not know the method.
 */
export function refuseServerRequest(method: string): ServerRequestAnswer {
  if (isRefusable(method)) return refusals[method];
  return { kind: "error", error: { code: -32601, message: `The host does not know ${method}.` } };
}

function isRefusable(method: string): method is keyof typeof refusals {
  return Object.hasOwn(refusals, method);
}
