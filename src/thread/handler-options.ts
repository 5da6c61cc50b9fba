import { checkMilliseconds } from "../internal/milliseconds.js";
import type { ApprovalHandler } from "../approvals/approval-decision.js";
import { type ApprovalRule, isApprovalRule } from "../approvals/rules/approval-rule.js";
import type { AnyTool } from "../tools/tool.js";
import { ToolRegistry } from "../tools/tool-registry.js";

/** What the host does for codex: its tools, and who decides. Given to a client, a thread, or both. */
export interface HandlerOptions {
  /**
   * The host's own tools. A thread has its client's and its own; a name in both throws `DUPLICATE_TOOL`. On exec, and
   * where the set of a resumed thread has changed, they are served by MCP on loopback, which needs the optional package
   * `@modelcontextprotocol/sdk`.
   */
  readonly tools?: ToolRegistry | readonly AnyTool[] | undefined;
  /**
   * Decides what codex and the host's tools ask for: a function, or rules made by `allow`, `deny`, `ask`, `match`, `first`
   * and `all`. Without it everything is declined. With it `approvalPolicy` is `on-request` unless said otherwise. On exec
   * only tools can ask, so it is refused there without tools. A thread's replaces its client's.
   */
  readonly onApproval?: ApprovalHandler | ApprovalRule | undefined;
  /** Milliseconds until what nobody has decided is declined. Default 600,000 (ten minutes). */
  readonly approvalTimeoutMs?: number | undefined;
  /** What the tools get as `context`. A thread's replaces its client's, a turn's the thread's. */
  readonly context?: unknown;
}

/** The checks of these options, by their names. */
export const handlerChecks = {
  tools: (value: unknown) =>
    value instanceof ToolRegistry || Array.isArray(value) ? null : "must be a list of tools or a ToolRegistry",
  onApproval: (value: unknown) =>
    typeof value === "function" || isApprovalRule(value) ? null : "must be a function or an approval rule",
  approvalTimeoutMs: checkMilliseconds,
  context: () => null,
} as const satisfies Record<keyof HandlerOptions, (value: unknown) => string | null>;

/** The checks where a thread's are updated: codex knows of its tools already. */
export const handlerUpdateChecks = {
  ...handlerChecks,
  tools: () =>
    "cannot be updated: give the thread a `ToolRegistry` and change that, or resume the thread with other tools",
} as const satisfies Record<keyof HandlerOptions, (value: unknown) => string | null>;

/** The options with those of the host's handlers apart, which never reach a transport. */
export function splitHandlers<O extends HandlerOptions>(
  options: O,
): { readonly handlers: HandlerOptions; readonly rest: Omit<O, keyof HandlerOptions> } {
  const { tools, onApproval, approvalTimeoutMs, context, ...rest } = options;
  return { handlers: { tools, onApproval, approvalTimeoutMs, context }, rest };
}
