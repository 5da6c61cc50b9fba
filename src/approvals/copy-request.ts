import { toJson } from "../internal/json.js";
import type { ApprovalRequest } from "../protocol/events/approval-request.js";

export interface RequestCopy {
  /** Frozen, so that the approved request cannot change. */
  readonly frozen: ApprovalRequest;
  /** The request of the event: JSON data. Only the arguments of a host tool can be something else. */
  readonly shown: ApprovalRequest;
}

/** Returns copies of a request, or null if it is nested too deeply. */
export function copyRequest(request: ApprovalRequest): RequestCopy | null {
  try {
    // `stringify` fails for every request that a reader of the event could not serialise.
    JSON.stringify(request);
    const frozen = frozenCopy(request);
    return { frozen, shown: request.kind === "tool" ? { ...request, arguments: toJson(request.arguments) } : frozen };
  } catch {
    return null;
  }
}

/** Copies plain data. Throws for a function, as `structuredClone` does, which jsdom may lack. */
function frozenCopy<T>(value: T): T;
function frozenCopy(value: unknown): unknown {
  if (typeof value === "function") throw new TypeError("a function is not data");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((entry: unknown) => frozenCopy(entry)));
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, frozenCopy(entry)])));
}

/** Returns the request without the parts whose depth its sender decides. */
export function withoutContent(request: ApprovalRequest): ApprovalRequest {
  switch (request.kind) {
    case "command":
      return { ...request, actions: [], network: null, additionalPermissions: null };
    case "fileChange":
      return { ...request, changes: [] };
    case "permissions":
      return { ...request, permissions: {} };
    case "mcpTool":
    case "tool":
      return { ...request, arguments: null };
    case "elicitation":
      return { ...request, schema: null };
    case "userInput":
      return { ...request, questions: [] };
  }
}
