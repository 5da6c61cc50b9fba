import type { JsonObject, JsonValue } from "../../internal/json.js";
import type { CommandAction } from "../generated/types.js";
import type { FileChange } from "../items/item.js";

/** An action that needs an approval. Each `kind` has its own type. */
export type ApprovalRequest =
  | CommandApprovalRequest
  | FileChangeApprovalRequest
  | PermissionsApprovalRequest
  | McpToolApprovalRequest
  | ElicitationApprovalRequest
  | UserInputApprovalRequest
  | ToolApprovalRequest;

export type ApprovalKind = ApprovalRequest["kind"];

/** The fields of every request. */
export interface ApprovalRequestBase {
  /** Unique in the client, so that a web handler can look the request up. */
  readonly id: string;
  /** The thread of the turn, or of the sub-agent that asks. */
  readonly threadId: string;
  readonly turnId: string | null;
  /** The thread that started the sub-agent; null if codex has not reported it. Absent if the turn itself asks. */
  readonly parentThreadId?: string | null;
  /** The place of the sub-agent, such as `/root/look`; null if it has none. Absent if the turn itself asks. */
  readonly agentPath?: string | null;
  /** The item that waits for the decision, or `null`. */
  readonly itemId: string | null;
  /** The model's reason, or `null`. */
  readonly reason: string | null;
  /** The time of the request, in milliseconds since 1970. */
  readonly requestedAt: number;
}

/** A command that would run outside the sandbox. Mirrors `CommandExecutionRequestApprovalParams`. */
export interface CommandApprovalRequest extends ApprovalRequestBase {
  readonly kind: "command";
  /** The whole command line that codex would run (`/bin/bash -lc '...'`). */
  readonly command: string;
  /** The commands in it that codex could parse, without the surrounding shell. */
  readonly actions: readonly CommandAction[];
  /** The directory in which it would run. The model chooses it. */
  readonly workingDirectory: string | null;
  /** The thread's working directory. `match({ command })` matches only there. `null` if it is unknown. */
  readonly threadDirectory: string | null;
  /** A new command, a command of the user, or input for a running terminal. */
  readonly action: "command" | "humanCommand" | "writeStdin";
  /** The host and protocol, if the request is about network access. */
  readonly network: JsonObject | null;
  /** The additional permissions inside the sandbox, if the request is about them. */
  readonly additionalPermissions: JsonObject | null;
  /** The proposed prefix of commands to allow permanently, or `null` if there is none. */
  readonly proposedAmendment: readonly string[] | null;
  /** The author of the proposal: `codex` proposes the whole command, the `model` a prefix of its choice. `null` without one. */
  readonly proposedBy: "codex" | "model" | null;
}

/** A patch to files. Mirrors `FileChangeRequestApprovalParams`; the changes come from its item. */
export interface FileChangeApprovalRequest extends ApprovalRequestBase {
  readonly kind: "fileChange";
  /** Every file with its diff. Paths are absolute. Empty if codex reported no item. */
  readonly changes: readonly FileChange[];
  /** The thread's working directory: `match` resolves relative globs against it. `null` if it is unknown. */
  readonly workingDirectory: string | null;
  /** A folder that codex wants to write to for the rest of the session, or `null`. */
  readonly grantRoot: string | null;
}

/** More permissions for the turn or the session. Mirrors `PermissionsRequestApprovalParams`. */
export interface PermissionsApprovalRequest extends ApprovalRequestBase {
  readonly kind: "permissions";
  readonly permissions: JsonObject;
  readonly workingDirectory: string;
}

/** A call of an MCP server's tool. Mirrors `McpServerElicitationRequestParams` with `codex_approval_kind`. */
export interface McpToolApprovalRequest extends ApprovalRequestBase {
  readonly kind: "mcpTool";
  readonly server: string;
  readonly tool: string;
  readonly arguments: JsonValue;
  /** The message that codex would show to a user. */
  readonly message: string;
}

/** A question of an MCP server to the user. Mirrors `McpServerElicitationRequestParams`. */
export interface ElicitationApprovalRequest extends ApprovalRequestBase {
  readonly kind: "elicitation";
  readonly server: string;
  /** `form` asks for content that fits `schema`; `url` asks the user to open `url`. */
  readonly mode: string;
  readonly message: string;
  readonly schema: JsonObject | null;
  readonly url: string | null;
}

/** Questions of the model to the user. Mirrors `ToolRequestUserInputParams`. */
export interface UserInputApprovalRequest extends ApprovalRequestBase {
  readonly kind: "userInput";
  readonly questions: readonly UserInputQuestion[];
}

export interface UserInputQuestion {
  readonly id: string;
  readonly header: string;
  readonly question: string;
  /** `null` if any text is a valid answer. */
  readonly options: readonly { readonly label: string; readonly description: string }[] | null;
  readonly isOther: boolean;
  /** The answer is a secret: do not show it. */
  readonly isSecret: boolean;
}

/** A call of a host tool that has `needsApproval`. codex does not know of this request. */
export interface ToolApprovalRequest extends ApprovalRequestBase {
  readonly kind: "tool";
  readonly tool: string;
  readonly namespace: string | null;
  readonly callId: string;
  /** The validated arguments that `execute` would receive, or the model's own if those are not JSON. */
  readonly arguments: JsonValue;
}
