import { flatNameOf } from "../tool-key.js";
import { type CallEnd, errorText, failedEnd } from "./call-end.js";
import { checkGuardrails } from "./check-guardrails.js";
import type { RunningCall } from "./running-call.js";
import { shapeResult } from "./shape-result.js";
import { isToolOutput, type ToolOutput } from "./tool-output.js";

/** Calls `execute`, then the output guardrails, and converts the result to the form that codex accepts. */
export async function invokeTool(running: RunningCall, args: unknown): Promise<CallEnd> {
  const { parts, context, tool } = running;
  const { callbacks } = parts;
  const { outputGuardrails = [] } = callbacks;
  let output: unknown;
  try {
    output = await callbacks.execute(args, context);
  } catch (error) {
    return endOfThrow(running, error);
  }
  const rejected = await checkGuardrails(running, outputGuardrails, { ...context, arguments: args, output });
  if (rejected !== null) return rejected;
  const shaped = await shapeResult(output);
  if (!shaped.ok) {
    return failedEnd(
      "unusableResult",
      `The tool \`${flatNameOf(tool)}\` ran, but its result cannot be shown: ${shaped.problem}.`,
    );
  }
  const { contentItems, leftOut } = shaped;
  const message = leftOut === 0 ? null : `${leftOut} characters of the result were left out.`;
  return { outcome: "success", message, success: true, contentItems };
}

/** The model sees the result of `onError`, or else the error's message. It never sees the stack. */
async function endOfThrow(running: RunningCall, error: unknown): Promise<CallEnd> {
  const reason = errorText(error) ?? "it threw a value that is not an error";
  const text = `The tool \`${flatNameOf(running.tool)}\` failed: ${reason}`;
  const output = await callOnError(running, error);
  if (output === undefined) return failedEnd("threw", text);
  const shaped = await shapeResult(output);
  if (!shaped.ok || shaped.contentItems.length === 0) return failedEnd("threw", text);
  const first = shaped.contentItems.find((item) => typeof item["text"] === "string");
  return failedEnd("threw", typeof first?.["text"] === "string" ? first["text"] : text, shaped.contentItems);
}

async function callOnError(
  { parts, context, tool }: RunningCall,
  error: unknown,
): Promise<string | ToolOutput | undefined> {
  try {
    const output = await parts.callbacks.onError?.(error, context);
    return typeof output === "string" || isToolOutput(output) ? output : undefined;
  } catch (failure) {
    context.logger.error("onError of a tool failed", { tool: tool.name, error: failure });
    return undefined;
  }
}
