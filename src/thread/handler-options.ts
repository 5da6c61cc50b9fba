import type { ApprovalHandler } from "../approvals/approval-decision.js";
import type { ApprovalRule } from "../approvals/rules/approval-rule.js";
import type { AnyTool } from "../tools/tool.js";
import type { ToolRegistry } from "../tools/tool-registry.js";

/** The host program's tools and approval handler. An option of a client, a thread, or both. */
export interface HandlerOptions {
  /**
   * Host tools. A thread has the tools of its client and its own; a name in both throws `DUPLICATE_TOOL`. On exec, and if
   * the tools of a resumed thread have changed, the tool server serves them, which needs the optional package
   * `@modelcontextprotocol/sdk`.
   */
  readonly tools?: ToolRegistry | readonly AnyTool[] | undefined;
  /**
   * Decides approval requests of codex and of host tools: a function, or rules made by `allow`, `deny`, `ask`, `match`,
   * `first` and `all`. Without it every request is declined. With it `approvalPolicy` defaults to `on-request`. On exec only
   * host tools make approval requests, so the option is refused there without tools. The thread's handler replaces the
   * client's.
   */
  readonly onApproval?: ApprovalHandler | ApprovalRule | undefined;
  /** Milliseconds after which a request without a decision is declined. Default: 600,000 (ten minutes). */
  readonly approvalTimeoutMs?: number | undefined;
  /** The `context` of host tools. The thread's value replaces the client's, the turn's value replaces both. */
  readonly context?: unknown;
}

/** Separates the handler options from the options of the transport. */
export function splitHandlers<O extends HandlerOptions>(
  options: O,
): { readonly handlers: HandlerOptions; readonly rest: Omit<O, keyof HandlerOptions> } {
  const { tools, onApproval, approvalTimeoutMs, context, ...rest } = options;
  return { handlers: { tools, onApproval, approvalTimeoutMs, context }, rest };
}
