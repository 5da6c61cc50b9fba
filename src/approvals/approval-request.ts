import type { JsonObject, JsonValue } from "../internal/json.js";
import type { CommandAction, FileChange } from "../protocol/index.js";

/** Somebody must say yes before it happens. One type a kind; `kind` tells them apart. */
export type ApprovalRequest =
  | CommandApprovalRequest
  | FileChangeApprovalRequest
  | PermissionsApprovalRequest
  | McpToolApprovalRequest
  | ElicitationApprovalRequest
  | UserInputApprovalRequest
  | ToolApprovalRequest;

export type ApprovalKind = ApprovalRequest["kind"];

/** What every request tells. */
export interface ApprovalRequestBase {
  /** Unique in the client, for a web handler to find it again. */
  readonly id: string;
  readonly threadId: string;
  readonly turnId: string | null;
  /** The item that waits, where there is one. */
  readonly itemId: string | null;
  /** Why the model asks, in its words. */
  readonly reason: string | null;
  /** When it was asked, in milliseconds since 1970. */
  readonly requestedAt: number;
}

/** A command that would run outside the sandbox. Mirrors `CommandExecutionRequestApprovalParams`. */
export interface CommandApprovalRequest extends ApprovalRequestBase {
  readonly kind: "command";
  /** The whole command line, as codex would run it (`/bin/bash -lc '...'`). */
  readonly command: string;
  /** The parts codex could parse of it, without the shell around it. */
  readonly actions: readonly CommandAction[];
  /** Where it would run; the model chooses. */
  readonly workingDirectory: string | null;
  /** The thread's working directory: a command fits a `match` only there. Null where it is not known. */
  readonly threadDirectory: string | null;
  /** A new command, one of the user's own, or input for a terminal that runs. */
  readonly action: "command" | "humanCommand" | "writeStdin";
  /** The host and protocol it wants to reach, where that is what is asked. */
  readonly network: JsonObject | null;
  /** More permissions that it wants inside the sandbox, where that is what is asked. */
  readonly additionalPermissions: JsonObject | null;
  /** The prefix that `acceptWithPolicyAmendment` would allow for good; null where codex offers none. */
  readonly proposedAmendment: readonly string[] | null;
}

/** A patch to files. Mirrors `FileChangeRequestApprovalParams`; the changes come from its item. */
export interface FileChangeApprovalRequest extends ApprovalRequestBase {
  readonly kind: "fileChange";
  /** Every file with its diff; paths are absolute. Empty where codex told of no item. */
  readonly changes: readonly FileChange[];
  /** The thread's working directory, where `match` begins a relative glob; null where it is not known. */
  readonly workingDirectory: string | null;
  /** A folder codex asks to write to for the rest of the session. */
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
  /** The sentence that codex would show. */
  readonly message: string;
}

/** An MCP server asks the user something. Mirrors `McpServerElicitationRequestParams`. */
export interface ElicitationApprovalRequest extends ApprovalRequestBase {
  readonly kind: "elicitation";
  readonly server: string;
  /** `form` wants content that fits `schema`; `url` wants the user to open `url`. */
  readonly mode: string;
  readonly message: string;
  readonly schema: JsonObject | null;
  readonly url: string | null;
}

/** The model asks the user questions. Mirrors `ToolRequestUserInputParams`. */
export interface UserInputApprovalRequest extends ApprovalRequestBase {
  readonly kind: "userInput";
  readonly questions: readonly UserInputQuestion[];
}

export interface UserInputQuestion {
  readonly id: string;
  readonly header: string;
  readonly question: string;
  /** Null for a free answer. */
  readonly options: readonly { readonly label: string; readonly description: string }[] | null;
  readonly isOther: boolean;
  /** The answer is a secret: do not show it. */
  readonly isSecret: boolean;
}

/** A call of one of the host's own tools that has `needsApproval`. Codex knows nothing of it. */
export interface ToolApprovalRequest extends ApprovalRequestBase {
  readonly kind: "tool";
  readonly tool: string;
  readonly namespace: string | null;
  readonly callId: string;
  /** Validated, as `execute` would get them; where that is no JSON, as the model gave them. */
  readonly arguments: JsonValue;
}
