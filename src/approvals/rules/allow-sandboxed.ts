import type { ApprovalRequest } from "../approval-request.js";
import { type ApprovalRule, rule, type Verdict } from "./approval-rule.js";

/**
 * Returns a rule that keeps codex in its sandbox: it declines every request to leave it, and has no verdict for others (tools,
 * questions). Work inside the sandbox continues: codex makes no requests for it with `approvalPolicy: "on-request"`. With
 * `untrusted` codex requests every command, and this rule declines them all. codex does not pass the reason to the model: set
 * `developerInstructions` with the same text.
 *
 * @example
 * ```ts
 * import { allow, allowSandboxed, first, match } from "codexkit";
 *
 * export const policy = first(match({ tool: "close_ticket" }, allow()), allowSandboxed());
 * ```
 */
export function allowSandboxed(): ApprovalRule {
  return rule(decide);
}

function decide(request: ApprovalRequest): Verdict {
  switch (request.kind) {
    case "command":
      return { kind: "deny", reason: "Run it without escalation: commands stay in the sandbox." };
    case "fileChange":
    case "permissions":
      return { kind: "deny", reason: "Work without escalation: changes stay in the sandbox." };
    default:
      return { kind: "none" };
  }
}
