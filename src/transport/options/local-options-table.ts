import { isApprovalRule } from "../../approvals/rules/approval-rule.js";
import { checkMilliseconds } from "../../internal/time/milliseconds.js";
import { isTool } from "../../tools/tool.js";
import { ToolRegistry } from "../../tools/tool-registry.js";
import type { OptionLevel } from "./option-wires.js";
import { isAbortSignal } from "../../internal/abort/any-signal.js";

/** An option that codexkit handles itself: it never reaches codex. */
export interface LocalOptionRow {
  readonly levels: readonly OptionLevel[];
  readonly check: (value: unknown) => string | null;
  /** The reason why `thread.update()` refuses the option. */
  readonly fixed?: string;
}

/** The options that no transport sends, with the check of their values. */
export const localOptionsTable: Readonly<Record<string, LocalOptionRow>> = {
  transport: { levels: ["client"], check: isTransport },
  logger: { levels: ["client"], check: isLogger },
  tools: {
    levels: ["client", "thread"],
    check: checkTools,
    fixed:
      "cannot be updated: start the thread with a `ToolRegistry` and change that, or resume the thread with other tools",
  },
  onApproval: {
    levels: ["client", "thread"],
    check: (value) =>
      typeof value === "function" || isApprovalRule(value) ? null : "must be a function or an approval rule",
  },
  approvalTimeoutMs: { levels: ["client", "thread"], check: checkMilliseconds },
  context: { levels: ["client", "thread", "turn"], check: () => null },
  // The output parser checks the schema itself.
  outputSchema: { levels: ["thread", "turn"], check: (value) => (value === null ? "must not be null" : null) },
  signal: {
    levels: ["turn"],
    check: (value) => (isAbortSignal(value) ? null : "must be an AbortSignal"),
  },
  whenBusy: {
    levels: ["turn"],
    check: (value) =>
      value === "queue" || value === "steer" || value === "reject" ? null : 'must be "queue", "steer" or "reject"',
  },
  timeoutMs: { levels: ["turn"], check: checkMilliseconds },
  agentEvents: { levels: ["turn"], check: (value) => (typeof value === "boolean" ? null : "must be a boolean") },
  idleTimeoutMs: { levels: ["turn"], check: checkMilliseconds },
};

function checkTools(value: unknown): string | null {
  if (value instanceof ToolRegistry || Array.isArray(value)) return null;
  const problem = "must be an array of tools or a `ToolRegistry`";
  return isTool(value) ? `${problem}, not one tool. Wrap it in an array: \`tools: [yourTool]\`` : problem;
}

function isTransport(value: unknown): string | null {
  if (value === "app-server" || value === "exec") return null;
  if (typeof value === "object" && value !== null && "openThread" in value) return null;
  return 'must be "app-server" or "exec"';
}

function isLogger(value: unknown): string | null {
  if (typeof value !== "object" || value === null) return "must be an object";
  const methods = ["debug", "info", "warn", "error"];
  return methods.every((name) => typeof Reflect.get(value, name) === "function")
    ? null
    : "must have the methods debug, info, warn and error";
}
