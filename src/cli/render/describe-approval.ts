import type { ApprovalRequestedEvent, JsonObject, JsonValue } from "../../protocol/index.js";
import { innerCommand } from "./inner-command.js";

/** Describes the requested action in one line with all hidden characters visible, for the user to decide. */
export function describeApproval({ kind, request }: Pick<ApprovalRequestedEvent, "kind" | "request">): string {
  return visible(subjectOf(kind, request));
}

function subjectOf(kind: string, request: JsonObject): string {
  switch (kind) {
    case "command":
      return `the command ${innerCommand(textOf(request["command"]))}`;
    case "fileChange":
      return `changes to ${listOf(request["changes"]).map(pathOf).join(", ")}`;
    case "tool":
      return `the tool ${textOf(request["tool"])}(${JSON.stringify(request["arguments"])})`;
    case "mcpTool":
      return `the tool ${textOf(request["server"])}.${textOf(request["tool"])}(${JSON.stringify(request["arguments"])})`;
    case "permissions":
      return `the permissions ${JSON.stringify(request["permissions"])}`;
    default:
      return kind;
  }
}

/** Escapes line ends, control characters and invisible characters, which could disguise a command. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

function pathOf(change: JsonValue): string {
  return typeof change === "object" && change !== null && "path" in change ? textOf(change["path"]) : "?";
}

function textOf(value: JsonValue | undefined): string {
  return typeof value === "string" ? value : "?";
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return isList(value) ? value : [];
}

function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}
