import { type ApprovalRequest, plainCommandOf } from "../../index.js";

/** Describes the requested action in one line with all hidden characters visible, for the user to decide. */
export function describeApproval(request: ApprovalRequest): string {
  return visible(subjectOf(request));
}

function subjectOf(request: ApprovalRequest): string {
  switch (request.kind) {
    case "command":
      return `the command ${plainCommandOf(request)}`;
    case "fileChange":
      return `changes to ${request.changes.map(({ path }) => path).join(", ")}`;
    case "tool":
      return `the tool ${request.tool}(${JSON.stringify(request.arguments)})`;
    case "mcpTool":
      return `the tool ${request.server}.${request.tool}(${JSON.stringify(request.arguments)})`;
    case "permissions":
      return `the permissions ${JSON.stringify(request.permissions)}`;
    default:
      return request.kind;
  }
}

/** Escapes line ends, control characters and invisible characters, which could disguise a command. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}
