import type { ApprovalRequest } from "../../protocol/events/approval-request.js";
import { type ApprovalRule, rule, type Verdict } from "./approval-rule.js";

/**
 * Returns a rule that keeps codex in its sandbox: it declines every request to leave it, and has no verdict for others (tools,
 * questions). Work inside the sandbox continues: codex makes no requests for it with `approvalPolicy: "on-request"`, except
 * for commands such as `rm -rf`, which this rule declines, too: the request does not show that they would run inside. With
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
      return {
        kind: "deny",
        reason: "Commands that need an approval are declined: use a command that the sandbox allows without one.",
      };
    case "fileChange":
    case "permissions":
      return { kind: "deny", reason: "Changes that need an approval are declined: work inside the sandbox." };
    default:
      return { kind: "none" };
  }
}
