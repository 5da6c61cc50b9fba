import type {
  ApprovalKind,
  ApprovalRequest,
  CommandApprovalRequest,
  ElicitationApprovalRequest,
  FileChangeApprovalRequest,
  PermissionsApprovalRequest,
  ToolApprovalRequest,
  UserInputApprovalRequest,
} from "../../../src/protocol/events/approval-request.js";

const base = { id: "a1", threadId: "t1", turnId: "u1", itemId: "i1", reason: null, requestedAt: 1 };

export function command(line: string, more: Partial<CommandApprovalRequest> = {}): CommandApprovalRequest {
  return {
    ...base,
    kind: "command",
    command: line,
    actions: [],
    workingDirectory: "/work",
    threadDirectory: "/work",
    action: "command",
    network: null,
    additionalPermissions: null,
    proposedAmendment: null,
    proposedBy: null,
    ...more,
  };
}

/** A command line of the model in the form in which codex runs it. */
export function shell(script: string, more: Partial<CommandApprovalRequest> = {}): CommandApprovalRequest {
  return command(`/bin/bash -lc '${script.replaceAll("'", `'"'"'`)}'`, more);
}

export function files(
  paths: readonly string[],
  more: Partial<FileChangeApprovalRequest> = {},
): FileChangeApprovalRequest {
  const changes = paths.map((path) => ({ path, kind: { type: "add" as const }, diff: "x\n" }));
  return { ...base, kind: "fileChange", changes, workingDirectory: "/work", grantRoot: null, ...more };
}

export function permissions(more: Partial<PermissionsApprovalRequest> = {}): PermissionsApprovalRequest {
  const asked = { network: { enabled: true }, fileSystem: { read: ["/a"], write: ["/b", "/c"] } };
  return { ...base, kind: "permissions", permissions: asked, workingDirectory: "/work", ...more };
}

export function elicitation(more: Partial<ElicitationApprovalRequest> = {}): ElicitationApprovalRequest {
  const schema = { type: "object", properties: { name: { type: "string" } }, required: ["name"] };
  return { ...base, kind: "elicitation", server: "s", mode: "form", message: "?", schema, url: null, ...more };
}

export function questions(...ids: readonly string[]): UserInputApprovalRequest {
  const asked = ids.map((id) => ({ id, header: "H", question: "Q?", options: null, isOther: false, isSecret: false }));
  return { ...base, kind: "userInput", questions: asked };
}

export function hostTool(tool = "deploy", more: Partial<ToolApprovalRequest> = {}): ToolApprovalRequest {
  return { ...base, kind: "tool", tool, namespace: null, callId: "c1", arguments: { to: "prod" }, ...more };
}

export const mcpTool: ApprovalRequest = {
  ...base,
  kind: "mcpTool",
  server: "tracker",
  tool: "search",
  arguments: { q: 1 },
  message: "Allow?",
};

/** One of each kind. */
export const samples: Readonly<Record<ApprovalKind, ApprovalRequest>> = {
  command: shell("git status"),
  fileChange: files(["/work/src/a.ts"]),
  permissions: permissions(),
  mcpTool,
  elicitation: elicitation(),
  userInput: questions("q"),
  tool: hostTool(),
};
