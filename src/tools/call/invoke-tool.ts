import { type CallEnd, failedEnd, errorText } from "./call-end.js";
import { checkGuardrails } from "./check-guardrails.js";
import type { RunningCall } from "./call-tool.js";
import { shapeResult } from "./shape-result.js";
import { flatNameOf } from "../tool-key.js";
import { isToolOutput, type ToolOutput } from "./tool-output.js";

/** Calls `execute`, has its output checked, and gives it the form that codex takes. */
export async function invokeTool(running: RunningCall, args: unknown): Promise<CallEnd> {
  const { parts, context, tool } = running;
  const { callbacks } = parts;
  const { outputGuardrails = [] } = callbacks;
  let output: unknown;
  try {
    output = await callbacks.execute(args, context);
  } catch (error) {
    return threw(running, error);
  }
  const seen = { ...context, arguments: args, output };
  const tripped = await checkGuardrails(outputGuardrails, seen, { running, stage: "toolOutput" });
  if (tripped !== null) return tripped;
  const shaped = await shapeResult(output);
  if (!shaped.ok) {
    return failedEnd(
      "unusableResult",
      `The tool \`${flatNameOf(tool)}\` ran, but its result cannot be told: ${shaped.problem}.`,
    );
  }
  const { contentItems, leftOut } = shaped;
  const message = leftOut === 0 ? null : `${leftOut} characters of the result were left out.`;
  return { outcome: "success", message, success: true, contentItems };
}

/** What `onError` makes of it, or the error's message. Never its stack. */
async function threw(running: RunningCall, error: unknown): Promise<CallEnd> {
  const text = `The tool \`${flatNameOf(running.tool)}\` failed: ${errorText(error) ?? "it threw something that is no error"}`;
  const words = await askOnError(running, error);
  if (words === undefined) return failedEnd("threw", text);
  const shaped = await shapeResult(words);
  if (!shaped.ok || shaped.contentItems.length === 0) return failedEnd("threw", text);
  const first = shaped.contentItems.find((item) => typeof item["text"] === "string");
  return failedEnd("threw", typeof first?.["text"] === "string" ? first["text"] : text, shaped.contentItems);
}

async function askOnError(
  { parts, context, tool }: RunningCall,
  error: unknown,
): Promise<string | ToolOutput | undefined> {
  try {
    const given = await parts.callbacks.onError?.(error, context);
    return typeof given === "string" || isToolOutput(given) ? given : undefined;
  } catch (failure) {
    context.logger.error("onError of a tool failed", { tool: tool.name, error: failure });
    return undefined;
  }
}
