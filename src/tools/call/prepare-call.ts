import { type CallEnd, failedEnd } from "./call-end.js";
import { checkGuardrails } from "./check-guardrails.js";
import type { RunningCall } from "./call-tool.js";
import { flatNameOf } from "../tool-key.js";

/** A call that may be made, with what `execute` gets and whether somebody is asked first; or its end. */
export type PreparedCall =
  | { readonly kind: "ready"; readonly args: unknown; readonly asks: boolean }
  | { readonly kind: "ended"; readonly end: CallEnd };

/** All that comes before anybody is asked: is it enabled, do the arguments fit, what do its guardrails say. */
export async function prepareCall(running: RunningCall): Promise<PreparedCall> {
  const { tool, parts, call, context } = running;
  const name = flatNameOf(tool);
  if (!(await isEnabled(running))) return ended(failedEnd("disabled", `The tool \`${name}\` is not available now.`));
  const verdict = await parts.reader.read(call.arguments);
  if (!verdict.ok) return ended(failedEnd("invalidArguments", describeIssues(name, verdict.issues)));
  const args = verdict.value;
  const { inputGuardrails = [] } = parts.callbacks;
  const tripped = await checkGuardrails(
    inputGuardrails,
    { ...context, arguments: args },
    { running, stage: "toolInput" },
  );
  return tripped === null ? { kind: "ready", args, asks: await asks(running, args) } : ended(tripped);
}

function ended(end: CallEnd): PreparedCall {
  return { kind: "ended", end };
}

/** A function that throws says no. */
async function isEnabled({ tool, parts, context }: RunningCall): Promise<boolean> {
  const { isEnabled: asked = tool.isEnabled } = parts.callbacks;
  if (typeof asked === "boolean") return asked;
  try {
    return (await asked(context)) === true;
  } catch (error) {
    context.logger.error("isEnabled of a tool failed", { tool: tool.name, error });
    return false;
  }
}

/** A function that throws, or says anything but `false`, asks. */
async function asks({ tool, parts, context }: RunningCall, args: unknown): Promise<boolean> {
  const { needsApproval = false } = parts.callbacks;
  if (typeof needsApproval === "boolean") return needsApproval;
  try {
    return (await needsApproval(args, context)) !== false;
  } catch (error) {
    context.logger.error("needsApproval of a tool failed", { tool: tool.name, error });
    return true;
  }
}

const maxIssues = 10;
const maxIssueLength = 400;

function describeIssues(name: string, issues: readonly string[]): string {
  const told = issues.slice(0, maxIssues).map((issue) => {
    return `- ${issue.length > maxIssueLength ? `${issue.slice(0, maxIssueLength)}...` : issue}`;
  });
  if (issues.length > maxIssues) told.push(`- and ${issues.length - maxIssues} more`);
  return [`The arguments of \`${name}\` do not fit its schema:`, ...told, "Call it again with arguments that do."].join(
    "\n",
  );
}
