import { GuardrailError } from "../../errors/guardrail-error.js";
import { type CallEnd, failedEnd } from "./call-end.js";
import type { RunningCall } from "./call-tool.js";
import { flatNameOf } from "../tool-key.js";
import type { GuardrailCallback } from "../tool.js";

interface GuardedStep {
  readonly running: RunningCall;
  readonly stage: "toolInput" | "toolOutput";
}

/** Asks one guardrail after the other. Null where all of them allow it. One that fails rejects the call. */
export async function checkGuardrails<Call>(
  guardrails: readonly GuardrailCallback<Call>[],
  call: Call,
  { running, stage }: GuardedStep,
): Promise<CallEnd | null> {
  for (const [index, guardrail] of guardrails.entries()) {
    const name = guardrail.name === "" ? `${stage}[${index}]` : guardrail.name;
    const verdict = await askGuardrail(guardrail, call, { running, name });
    if (verdict.behavior === "allow") continue;
    const message =
      verdict.message ?? `The guardrail \`${name}\` does not allow this call of \`${flatNameOf(running.tool)}\`.`;
    if (verdict.behavior === "throw")
      stopTurn(running, new GuardrailError({ guardrail: name, stage, message, ...idsOf(running) }));
    return failedEnd("rejected", message);
  }
  return null;
}

interface Verdict {
  readonly behavior: "allow" | "reject" | "throw";
  readonly message: string | undefined;
}

async function askGuardrail<Call>(
  guardrail: GuardrailCallback<Call>,
  call: Call,
  { running, name }: { readonly running: RunningCall; readonly name: string },
): Promise<Verdict> {
  try {
    const check = typeof guardrail === "function" ? guardrail : guardrail.check;
    return readVerdict(await check(call));
  } catch (error) {
    running.host.logger.error("a guardrail of a tool failed", { tool: running.tool.name, guardrail: name, error });
    return { behavior: "reject", message: `The guardrail \`${name}\` failed, so the call is rejected.` };
  }
}

function readVerdict(given: unknown): Verdict {
  if (typeof given !== "object" || given === null || !("behavior" in given)) throw new TypeError("no verdict");
  const message = "message" in given && typeof given.message === "string" ? given.message : undefined;
  const { behavior } = given;
  if (behavior === "allow" || behavior === "reject" || behavior === "throw") return { behavior, message };
  throw new TypeError(`an unknown verdict: ${String(behavior)}`);
}

/** A verdict on a call that nobody waits for ends nothing. */
function stopTurn({ host, context }: RunningCall, error: GuardrailError): void {
  if (!context.signal.aborted) host.stop(error);
}

function idsOf({ call: { threadId, turnId } }: RunningCall): {
  readonly threadId: string;
  readonly turnId: string | null;
} {
  return { threadId, turnId };
}
