import { CodexError } from "../../errors/codex-error.js";
import { GuardrailError } from "../../errors/guardrail-error.js";
import { untilAborted } from "../../internal/time/with-deadline.js";
import type { ThreadItem } from "../../protocol/index.js";
import type { Input } from "../turn/turn-input.js";
import type { AutoRunTrip } from "./auto-run-result.js";

/**
 * The verdict of a guardrail. `reject` on an input ends the run with the stop reason `guardrail`, on an output it starts
 * another turn. `throw` ends the run with a `GuardrailError`.
 */
export type GuardrailVerdict =
  | { readonly behavior: "allow" }
  | { readonly behavior: "reject"; readonly message: string }
  | { readonly behavior: "throw"; readonly message?: string | undefined };

/**
 * Checks the input of the run, once; it does not check the later inputs of the run, or retries. A `blocking` guardrail
 * (default) runs before the first turn starts. A `parallel` one runs beside the first turn and interrupts it if it rejects.
 */
export interface InputGuardrail<C = unknown> {
  readonly name: string;
  readonly mode?: "blocking" | "parallel" | undefined;
  readonly check: (call: InputCheck<C>) => GuardrailVerdict | Promise<GuardrailVerdict>;
}

export interface InputCheck<C = unknown> {
  readonly input: Input;
  readonly context: C;
  /** Fires when the run ends and needs no verdict. */
  readonly signal: AbortSignal;
}

/** Checks the output of every completed turn. The model receives the message of a `reject` in another turn, which counts. */
export interface OutputGuardrail<C = unknown> {
  readonly name: string;
  readonly check: (call: OutputCheck<C>) => GuardrailVerdict | Promise<GuardrailVerdict>;
}

export interface OutputCheck<C = unknown> {
  /** The final answer parsed by the `outputSchema`; undefined without one. */
  readonly output: unknown;
  readonly finalResponse: string | null;
  /** The items of the turn; empty if the turn was before a restart of the program. */
  readonly items: readonly ThreadItem[];
  readonly context: C;
  readonly signal: AbortSignal;
}

/** The outcome of one check, for events and hooks. */
export interface GuardrailOutcome {
  readonly name: string;
  readonly stage: "input" | "output";
  readonly behavior: GuardrailVerdict["behavior"];
  readonly message: string | null;
}

interface Guardrail<Call> {
  readonly name: string;
  readonly check: (call: Call) => GuardrailVerdict | Promise<GuardrailVerdict>;
}

export interface CheckGuardrailsOptions<Call> {
  readonly stage: "input" | "output";
  readonly call: Call;
  /** Called after each check. */
  readonly reporter: { guardrailChecked(outcome: GuardrailOutcome): void };
}

/**
 * Runs all checks at once and waits for all of them. Returns the first rejection in the order of the list, or null. Rejects
 * with a `GuardrailError` if a guardrail returned `throw`, threw an error, or returned an invalid verdict, and with an
 * `AbortedError` when the signal of the call fires first.
 */
export async function checkGuardrails<Call extends { readonly signal: AbortSignal }>(
  guardrails: readonly Guardrail<Call>[],
  { stage, call, reporter }: CheckGuardrailsOptions<Call>,
): Promise<AutoRunTrip | null> {
  const { signal } = call;
  const checks = guardrails.map(async (guardrail) => {
    const verdict = await callGuardrail(guardrail, call, stage);
    const outcome = toOutcome(guardrail.name, stage, verdict);
    if (!signal.aborted) reporter.guardrailChecked(outcome);
    return { verdict, outcome };
  });
  const checked = await untilAborted(Promise.all(checks), signal);
  for (const { verdict } of checked) if (verdict instanceof GuardrailError) throw verdict;
  const rejected = checked.find(({ outcome }) => outcome.behavior === "reject");
  return rejected === undefined ? null : { name: rejected.outcome.name, message: rejected.outcome.message ?? "" };
}

type Verdict = GuardrailError | Exclude<GuardrailVerdict, { behavior: "throw" }>;

async function callGuardrail<Call>(
  { name, check }: Guardrail<Call>,
  call: Call,
  stage: "input" | "output",
): Promise<Verdict> {
  const refused = (message: string | undefined, cause?: unknown): GuardrailError =>
    new GuardrailError({ guardrail: name, stage, message, ...(cause === undefined ? {} : { cause }) });
  try {
    const verdict: unknown = await check(call);
    if (hasBehavior(verdict, "allow")) return { behavior: "allow" };
    if (hasBehavior(verdict, "reject") && typeof verdict.message === "string")
      return { behavior: "reject", message: verdict.message };
    if (hasBehavior(verdict, "throw") && (verdict.message === undefined || typeof verdict.message === "string"))
      return refused(verdict.message);
    return refused(`The guardrail \`${name}\` returned an invalid verdict, which counts as a refusal.`);
  } catch (cause) {
    if (CodexError.isInstance(cause) && cause instanceof GuardrailError) return cause;
    return refused(`The guardrail \`${name}\` threw an error, which counts as a refusal.`, cause);
  }
}

function hasBehavior(value: unknown, behavior: string): value is { readonly message?: unknown } {
  return typeof value === "object" && value !== null && "behavior" in value && value.behavior === behavior;
}

function toOutcome(name: string, stage: "input" | "output", verdict: Verdict): GuardrailOutcome {
  if (verdict instanceof GuardrailError) return { name, stage, behavior: "throw", message: verdict.message };
  return { name, stage, behavior: verdict.behavior, message: "message" in verdict ? verdict.message : null };
}
