import type { ApprovalCodec } from "./approval-codec.js";
import type { CommandApprovalRequest } from "../approvals/approval-request.js";
import type { CommandAction, JsonObject } from "../protocol/index.js";
import { readObject, readObjects, readText, readTexts } from "./read-field.js";

/** `item/commandExecution/requestApproval`. On `cancel` codex ends the turn itself. */
export const commandRequest: ApprovalCodec = {
  cancelsItself: true,
  toRequest(params, { base, workingDirectory }) {
    return {
      ...base,
      kind: "command",
      command: readText(params["command"]) ?? "",
      actions: readObjects(params["commandActions"]).filter(isAction),
      workingDirectory: readText(params["cwd"]),
      threadDirectory: workingDirectory,
      action: readAction(params["kind"]),
      network: readObject(params["networkApprovalContext"]),
      additionalPermissions: readObject(params["additionalPermissions"]),
      proposedAmendment: readTexts(params["proposedExecpolicyAmendment"]),
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

function isAction(value: JsonObject): value is JsonObject & CommandAction {
  return typeof value["type"] === "string" && typeof value["command"] === "string";
}

/** What is unknown is not taken for an ordinary command: no rule for commands fits it. */
function readAction(kind: JsonObject[string]): CommandApprovalRequest["action"] {
  return kind === undefined || kind === "command" ? "command" : kind === "humanCommand" ? "humanCommand" : "writeStdin";
}
