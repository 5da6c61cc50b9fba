import { GuardrailError } from "../../errors/guardrail-error.js";
import { CodexError } from "../../errors/codex-error.js";
import { untilAborted } from "../../internal/with-deadline.js";
import type { ThreadItem } from "../../protocol/index.js";
import type { Input } from "../turn/turn-input.js";

/** What a guardrail of a run answers. `reject` goes on or ends in peace, `throw` ends the run by a `GuardrailError`. */
export type GuardrailVerdict =
  | { readonly behavior: "allow" }
  | { readonly behavior: "reject"; readonly message: string }
  | { readonly behavior: "throw"; readonly message?: string | undefined };

/**
 * Checks what the run was asked, once: neither the inputs that the run itself makes nor another try are checked again.
 * `blocking` (default) is waited for before anything starts; `parallel` runs beside the first turn and interrupts it. A
 * `reject` ends the run with the stop reason `guardrail`.
 */
export interface InputGuardrail<C = unknown> {
  readonly name: string;
  readonly mode?: "blocking" | "parallel" | undefined;
  readonly check: (call: InputCheck<C>) => GuardrailVerdict | Promise<GuardrailVerdict>;
}

export interface InputCheck<C = unknown> {
  readonly input: Input;
  readonly context: C;
  /** Fires when the answer is wanted no longer. */
  readonly signal: AbortSignal;
}

/** Checks the output of every completed turn. A `reject` is told to the model in another turn, which counts. */
export interface OutputGuardrail<C = unknown> {
  readonly name: string;
  readonly check: (call: OutputCheck<C>) => GuardrailVerdict | Promise<GuardrailVerdict>;
}

export interface OutputCheck<C = unknown> {
  /** Read by the `outputSchema`; undefined without one. */
  readonly output: unknown;
  readonly finalResponse: string | null;
  /** The items of the turn; none where the turn was before a restart. */
  readonly items: readonly ThreadItem[];
  readonly context: C;
  readonly signal: AbortSignal;
}

export interface Checking<Call> {
  readonly stage: "input" | "output";
  readonly call: Call;
  readonly signal: AbortSignal;
  readonly tell: (told: GuardrailTold) => void;
}

export interface GuardrailTold {
  readonly name: string;
  readonly stage: "input" | "output";
  readonly behavior: GuardrailVerdict["behavior"];
  readonly message: string | null;
}

interface Guardrail<Call> {
  readonly name: string;
  readonly check: (call: Call) => GuardrailVerdict | Promise<GuardrailVerdict>;
}

/**
 * Lets all of them check at once and waits for all. Gives the first rejection in the order of the list, or null; a `throw`
 * goes before it. A guardrail that throws by itself, or answers nonsense, has said no.
 */
export async function checkGuardrails<Call>(
  guardrails: readonly Guardrail<Call>[],
  { stage, call, signal, tell }: Checking<Call>,
): Promise<GuardrailTold | null> {
  const checks = guardrails.map(async (guardrail) => {
    const verdict = await ask(guardrail, call, stage);
    if (!signal.aborted) tell(toTold(guardrail.name, stage, verdict));
    return verdict;
  });
  const verdicts = await untilAborted(Promise.all(checks), signal);
  const failed = verdicts.find((verdict) => verdict instanceof GuardrailError);
  if (failed !== undefined) throw failed;
  for (const [at, verdict] of verdicts.entries()) {
    const told = toTold(guardrails[at]?.name ?? "", stage, verdict);
    if (told.behavior === "reject") return told;
  }
  return null;
}

type Verdict = GuardrailError | Exclude<GuardrailVerdict, { behavior: "throw" }>;

async function ask<Call>({ name, check }: Guardrail<Call>, call: Call, stage: "input" | "output"): Promise<Verdict> {
  try {
    const verdict: unknown = await check(call);
    if (isAllow(verdict) || isReject(verdict)) return verdict;
    if (isThrow(verdict)) return new GuardrailError({ guardrail: name, stage, message: verdict.message });
    const message = `The guardrail \`${name}\` answered nonsense, which is a no.`;
    return new GuardrailError({ guardrail: name, stage, message });
  } catch (cause) {
    if (CodexError.isInstance(cause) && cause instanceof GuardrailError) return cause;
    const message = `The guardrail \`${name}\` threw, which is a no.`;
    return new GuardrailError({ guardrail: name, stage, message, cause });
  }
}

function toTold(name: string, stage: "input" | "output", verdict: Verdict): GuardrailTold {
  if (verdict instanceof GuardrailError) return { name, stage, behavior: "throw", message: verdict.message };
  return { name, stage, behavior: verdict.behavior, message: "message" in verdict ? verdict.message : null };
}

function isAllow(value: unknown): value is { behavior: "allow" } {
  return hasBehavior(value, "allow");
}

function isReject(value: unknown): value is { behavior: "reject"; message: string } {
  return hasBehavior(value, "reject") && "message" in value && typeof value.message === "string";
}

function isThrow(value: unknown): value is { behavior: "throw"; message?: string } {
  if (!hasBehavior(value, "throw")) return false;
  return !("message" in value) || value.message === undefined || typeof value.message === "string";
}

function hasBehavior(value: unknown, behavior: string): value is { behavior: string } {
  return typeof value === "object" && value !== null && "behavior" in value && value.behavior === behavior;
}
