import type {
  ApprovalRequest,
  ApprovalRequestBase,
  UserInputQuestion,
  CommandApprovalRequest,
} from "../protocol/events/approval-request.js";
import type { MadeDecision } from "../approvals/interruptions.js";
import { wantsNothing } from "../approvals/rules/approval-rule.js";
import { splitCommand } from "../approvals/rules/split-command.js";
import type { CommandAction, FileChange, JsonObject, JsonValue } from "../protocol/index.js";
import type { McpCall } from "./decision-watch.js";
import { readObject, readObjects, readText, readTexts } from "./read-field.js";

/** Converts one method's params to an approval request, and a decision to the method's result. */
export interface ApprovalCodec {
  /**
   * Returns `null` if the params do not name the action to approve. The params' required fields have the right type; nested
   * fields are unchecked.
   */
  readonly toRequest: (params: JsonObject, known: KnownParts) => ApprovalRequest | null;
  /** Returns the `result` of the response. */
  readonly toResult: (decision: MadeDecision, request: ApprovalRequest) => JsonValue;
  /** Whether codex itself ends the turn on `cancel`. */
  readonly cancelsItself: boolean;
}

/** The parts of an approval request that its params do not contain. */
interface KnownParts {
  readonly base: ApprovalRequestBase;
  /** The turn's working directory, or `null` if it is unknown. */
  readonly workingDirectory: string | null;
  /** The changes of the `fileChange` item to approve. */
  readonly changes: readonly FileChange[];
  /** Returns the id of the item of an MCP call that runs and that codex has not asked about yet, or `null`. */
  readonly askedCall: (call: McpCall) => string | null;
}

/** `item/commandExecution/requestApproval`. On `cancel` codex ends the turn itself. */
export const commandRequest: ApprovalCodec = {
  cancelsItself: true,
  toRequest(params, { base, workingDirectory }) {
    const command = readText(params["command"]) ?? "";
    const proposedAmendment = readTexts(params["proposedExecpolicyAmendment"]);
    return {
      ...base,
      kind: "command",
      command,
      actions: readObjects(params["commandActions"]).filter(isAction),
      workingDirectory: readText(params["cwd"]),
      threadDirectory: workingDirectory,
      action: readAction(params["kind"]),
      network: readObject(params["networkApprovalContext"]),
      additionalPermissions: readObject(params["additionalPermissions"]),
      proposedAmendment,
      proposedBy: proposedAmendment === null ? null : isWhole(proposedAmendment, command) ? "codex" : "model",
    };
  },
  toResult(decision) {
    switch (decision.decision) {
      case "accept":
      case "acceptForSession":
      case "cancel":
        return { decision: decision.decision };
      case "acceptWithPolicyAmendment": {
        const execpolicy_amendment = decision.amendment ?? [];
        return { decision: { acceptWithExecpolicyAmendment: { execpolicy_amendment } } };
      }
      default:
        return { decision: "decline" };
    }
  },
};

/** codex itself proposes all words of the command. Every other proposal is a prefix that the model wrote. */
function isWhole(proposed: readonly string[], command: string): boolean {
  const words = splitCommand(command);
  return words?.length === proposed.length && words.every((word, at) => word === proposed[at]);
}

function isAction(value: JsonObject): value is JsonObject & CommandAction {
  return typeof value["type"] === "string" && typeof value["command"] === "string";
}

/** An unknown kind counts as `writeStdin`, because no rule for commands matches that. */
function readAction(kind: JsonObject[string]): CommandApprovalRequest["action"] {
  return kind === undefined || kind === "command" ? "command" : kind === "humanCommand" ? "humanCommand" : "writeStdin";
}

/** `item/fileChange/requestApproval`. Its params have no diff: the changes come from its item. On `cancel` codex ends the turn itself. */
export const fileChangeRequest: ApprovalCodec = {
  cancelsItself: true,
  toRequest(params, { base, changes, workingDirectory }) {
    return { ...base, kind: "fileChange", changes, workingDirectory, grantRoot: readText(params["grantRoot"]) };
  },
  toResult({ decision }) {
    switch (decision) {
      case "accept":
      case "acceptForSession":
      case "cancel":
        return { decision };
      default:
        return { decision: "decline" };
    }
  },
};

/** `item/permissions/requestApproval`. codex takes an empty grant as a refusal. */
export const permissionsRequest: ApprovalCodec = {
  cancelsItself: false,
  toRequest(params, { base }) {
    const permissions = readObject(params["permissions"]);
    const workingDirectory = readText(params["cwd"]);
    if (permissions === null || workingDirectory === null) return null;
    return { ...base, kind: "permissions", permissions, workingDirectory };
  },
  toResult(decision) {
    switch (decision.decision) {
      case "accept":
        return { permissions: decision.permissions ?? {}, scope: "turn" };
      case "acceptForSession":
        return { permissions: decision.permissions ?? {}, scope: "session" };
      default:
        return { permissions: {}, scope: "turn" };
    }
  },
};

/**
 * `mcpServer/elicitation/request`: a question of an MCP server to the user, or codex's own question whether a tool of that
 * server may run.
 */
export const elicitationRequest: ApprovalCodec = {
  cancelsItself: false,
  toRequest(params, { base, askedCall }) {
    const server = readText(params["serverName"]);
    const mode = readText(params["mode"]);
    if (server === null || mode === null) return null;
    const message = readText(params["message"]) ?? readText(params["description"]) ?? "";
    const meta = readObject(params["_meta"]);
    const schema = readObject(params["requestedSchema"]);
    // A server can set the same `_meta` in a question of its own. codex's question asks for no content, and a call waits for it.
    if (meta?.["codex_approval_kind"] === "mcp_tool_call" && wantsNothing(mode, schema)) {
      const tool = readText(meta["tool_name"]);
      if (tool === null) return null;
      const call = { server, tool, arguments: meta["tool_params"] ?? null };
      const itemId = askedCall(call);
      if (itemId !== null) return { ...base, itemId, kind: "mcpTool", ...call, message };
    }
    return { ...base, kind: "elicitation", server, mode, message, schema, url: readText(params["url"]) };
  },
  toResult(decision, { kind }) {
    switch (decision.decision) {
      case "accept":
        return { action: "accept", content: decision.content ?? (kind === "mcpTool" ? {} : null), _meta: null };
      case "acceptForSession":
        return { action: "accept", content: {}, _meta: { persist: "session" } };
      case "cancel":
        return { action: "cancel", content: null, _meta: null };
      default:
        return { action: "decline", content: null, _meta: null };
    }
  },
};

/** `item/tool/requestUserInput`. codex takes a result without answers as a refusal. */
export const userInputRequest: ApprovalCodec = {
  cancelsItself: false,
  toRequest(params, { base }) {
    const asked: readonly JsonValue[] = Array.isArray(params["questions"]) ? params["questions"] : [];
    const questions = readObjects(asked).flatMap((question) => readQuestion(question) ?? []);
    const ids = new Set(questions.map(({ id }) => id));
    if (questions.length === 0 || questions.length < asked.length || ids.size < questions.length) return null;
    return { ...base, kind: "userInput", questions };
  },
  toResult(decision) {
    if (decision.decision !== "answer") return { answers: {} };
    const answers = Object.entries(decision.answers).map(([id, answer]): [string, JsonValue] => [
      id,
      { answers: typeof answer === "string" ? [answer] : answer },
    ]);
    return { answers: Object.fromEntries(answers) };
  },
};

function readQuestion(value: JsonObject): UserInputQuestion | null {
  const id = readText(value["id"]);
  const question = readText(value["question"]);
  if (id === null || question === null) return null;
  return {
    id,
    header: readText(value["header"]) ?? "",
    question,
    options: Array.isArray(value["options"]) ? readObjects(value["options"]).map(readOption) : null,
    isOther: value["isOther"] === true,
    isSecret: value["isSecret"] === true,
  };
}

function readOption(value: JsonObject): { readonly label: string; readonly description: string } {
  return { label: readText(value["label"]) ?? "", description: readText(value["description"]) ?? "" };
}
