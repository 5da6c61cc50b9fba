import { isList, type JsonValue, toJson } from "../internal/json.js";
import { sha256 } from "../internal/sha256.js";
import type { ApprovalRequest } from "../protocol/events/approval-request.js";

/**
 * Returns a fingerprint that is equal for equal requests: of one kind, with the same command, diff, arguments or questions,
 * in the same directory. It ignores ids, times and the model's reasons. Returns `null` for a file change without changes,
 * which equals no other request.
 */
export function fingerprintOf(request: ApprovalRequest): string | null {
  if (request.kind === "fileChange" && request.changes.length === 0) return null;
  const parts = toJson([request.kind, ...partsOf(request)]);
  return sha256(canonicalJson(parts));
}

function partsOf(request: ApprovalRequest): readonly unknown[] {
  switch (request.kind) {
    case "command":
      return [
        request.command,
        request.workingDirectory,
        request.action,
        request.network,
        request.additionalPermissions,
      ];
    case "fileChange":
      return [request.changes, request.workingDirectory, request.grantRoot];
    case "permissions":
      return [request.permissions, request.workingDirectory];
    case "mcpTool":
      return [request.server, request.tool, request.arguments];
    case "elicitation":
      return [request.server, request.mode, request.message, request.schema, request.url];
    case "userInput":
      return [request.questions];
    case "tool":
      return [request.namespace, request.tool, request.arguments];
  }
}

/** Returns the same text for equal values with any order of keys. */
export function canonicalJson(value: JsonValue): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(",")}]`;
  const entries = Object.entries(value).flatMap(([key, entry]) =>
    entry === undefined ? [] : [`${JSON.stringify(key)}:${canonicalJson(entry)}`],
  );
  return `{${entries.sort().join(",")}}`;
}
