import { flatNameOf } from "../tool-key.js";
import { type CallEnd, failedEnd } from "./call-end.js";
import { checkGuardrails } from "./check-guardrails.js";
import type { RunningCall } from "./running-call.js";

/** The arguments of `execute` and whether the call needs an approval; or the end of a call that must not run. */
type PreparedCall =
  | { readonly kind: "ready"; readonly args: unknown; readonly needsApproval: boolean }
  | { readonly kind: "ended"; readonly end: CallEnd };

/** Runs every check before the approval: whether the tool is enabled, its arguments and its input guardrails. */
export async function prepareCall(running: RunningCall): Promise<PreparedCall> {
  const { tool, parts, call, context } = running;
  const name = flatNameOf(tool);
  if (!(await isEnabled(running))) return ended(failedEnd("disabled", `The tool \`${name}\` is not available now.`));
  const verdict = await parts.parser.parse(call.arguments);
  if (!verdict.ok) return ended(failedEnd("invalidArguments", describeIssues(name, verdict.issues)));
  const args = verdict.value;
  const { inputGuardrails = [] } = parts.callbacks;
  const rejected = await checkGuardrails(running, inputGuardrails, { ...context, arguments: args });
  if (rejected !== null) return ended(rejected);
  return { kind: "ready", args, needsApproval: await needsApproval(running, args) };
}

function ended(end: CallEnd): PreparedCall {
  return { kind: "ended", end };
}

/** A function that throws disables the tool. */
async function isEnabled({ tool, parts, context }: RunningCall): Promise<boolean> {
  const { isEnabled: option = tool.isEnabled } = parts.callbacks;
  if (typeof option === "boolean") return option;
  try {
    return (await option(context)) === true;
  } catch (error) {
    context.logger.error("isEnabled of a tool failed", { tool: tool.name, error });
    return false;
  }
}

/** A function that throws, or returns anything but `false`, requires an approval. */
async function needsApproval({ tool, parts, context }: RunningCall, args: unknown): Promise<boolean> {
  const { needsApproval: option = false } = parts.callbacks;
  if (typeof option === "boolean") return option;
  try {
    return (await option(args, context)) !== false;
  } catch (error) {
    context.logger.error("needsApproval of a tool failed", { tool: tool.name, error });
    return true;
  }
}

const maxIssues = 10;
const maxIssueLength = 400;

function describeIssues(name: string, issues: readonly string[]): string {
  const lines = issues.slice(0, maxIssues).map((issue) => {
    return `- ${issue.length > maxIssueLength ? `${issue.slice(0, maxIssueLength)}...` : issue}`;
  });
  if (issues.length > maxIssues) lines.push(`- and ${issues.length - maxIssues} more`);
  return [
    `The arguments of \`${name}\` do not fit its schema:`,
    ...lines,
    "Call it again with arguments that do.",
  ].join("\n");
}
