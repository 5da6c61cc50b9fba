import { GuardrailError } from "../../errors/guardrail-error.js";
import type { GuardrailCallback } from "../tool.js";
import { flatNameOf } from "../tool-key.js";
import { type CallEnd, failedEnd } from "./call-end.js";
import type { RunningCall } from "./running-call.js";
import type { ToolInput } from "./tool-guardrail.js";

/**
 * Calls the guardrails in order. Returns `null` if all of them allow the call, or else its end. A guardrail that throws, or
 * returns anything but a verdict, rejects the call.
 */
export async function checkGuardrails<Input extends ToolInput>(
  { tool, call, context, turn }: RunningCall,
  guardrails: readonly GuardrailCallback<Input>[],
  input: Input,
): Promise<CallEnd | null> {
  const stage = "output" in input ? "toolOutput" : "toolInput";
  for (const [index, guardrail] of guardrails.entries()) {
    const name = guardrail.name === "" ? `${stage}[${index}]` : guardrail.name;
    let verdict: Verdict;
    try {
      const check = typeof guardrail === "function" ? guardrail : guardrail.check;
      verdict = readVerdict(await check(input));
    } catch (error) {
      turn.logger.error("a guardrail of a tool failed", { tool: tool.name, guardrail: name, error });
      return failedEnd("rejected", `The guardrail \`${name}\` failed, so the call is rejected.`);
    }
    if (verdict.behavior === "allow") continue;
    const message = verdict.message ?? `The guardrail \`${name}\` does not allow this call of \`${flatNameOf(tool)}\`.`;
    // A call that has ended must not stop the turn.
    if (verdict.behavior === "throw" && !context.signal.aborted) {
      const { threadId, turnId } = call;
      turn.stop(new GuardrailError({ guardrail: name, stage, message, threadId, turnId }));
    }
    return failedEnd("rejected", message);
  }
  return null;
}

interface Verdict {
  readonly behavior: "allow" | "reject" | "throw";
  readonly message: string | undefined;
}

function readVerdict(value: unknown): Verdict {
  if (typeof value !== "object" || value === null || !("behavior" in value)) throw new TypeError("not a verdict");
  const message = "message" in value && typeof value.message === "string" ? value.message : undefined;
  const { behavior } = value;
  if (behavior === "allow" || behavior === "reject" || behavior === "throw") return { behavior, message };
  throw new TypeError(`an unknown verdict: ${String(behavior)}`);
}
