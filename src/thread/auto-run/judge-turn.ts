import { untilAborted } from "../../internal/time/with-deadline.js";
import type { AutoRunReason } from "../../protocol/index.js";
import { toOutputParser } from "../output/output-schema.js";
import { StructuredOutputError } from "../turn/turn-errors.js";
import type { Input, UserInput } from "../turn/turn-input.js";
import { callbackThrew, RunCallbackError } from "./auto-run-errors.js";
import type { AutoRunPlan, Until, UntilAnswer } from "./auto-run-options.js";
import type { AutoRunTurn } from "./auto-run-result.js";
import { checkGuardrails, type GuardrailOutcome } from "./run-guardrails.js";

/** A turn that completed, with its output. */
export interface CompletedTurn {
  readonly turn: AutoRunTurn;
  readonly output: unknown;
  /** The error of a final answer that does not fit the schema. */
  readonly misfit: StructuredOutputError | null;
}

/** The turn that follows. */
export interface NextTurn {
  readonly input: Input;
  readonly reason: AutoRunReason;
  /** The cause of the `MaxTurnsError` if no turn is left for it. */
  readonly cause: StructuredOutputError | null;
}

export interface JudgeTurnOptions {
  readonly plan: AutoRunPlan;
  /** The number of consecutive repair turns so far. */
  readonly repairs: number;
  readonly signal: AbortSignal;
  readonly reporter: { guardrailChecked(outcome: GuardrailOutcome): void };
}

/** Checks the schema, the output guardrails and `until`, in this order. Returns null if the run is done, else the next turn. */
export async function judgeTurn(completed: CompletedTurn, options: JudgeTurnOptions): Promise<NextTurn | null> {
  const { turn, output, misfit } = completed;
  const { plan, repairs, signal, reporter } = options;
  if (misfit !== null) {
    if (repairs >= plan.repair) throw misfit;
    return { input: repairText(misfit), reason: "repair", cause: misfit };
  }
  const { finalResponse, items } = turn;
  const call = { output, finalResponse, items, context: plan.context, signal };
  const rejected = await checkGuardrails(plan.output, { stage: "output", call, reporter });
  if (rejected !== null) return { input: rejectedText(rejected.message), reason: "guardrail", cause: null };
  if (plan.until === null) return null;
  const answer = await callUntil(plan.until, completed, options);
  if (answer === true || (typeof answer === "object" && answer.done)) return null;
  const input = typeof answer === "object" ? answer.input : undefined;
  return { input: input ?? continueText, reason: "until", cause: null };
}

/** Parses the final answer of a turn that completed before a restart of the program. */
export async function restoreCompletedTurn(turn: AutoRunTurn, { turn: options }: AutoRunPlan): Promise<CompletedTurn> {
  const { outputSchema } = options;
  if (outputSchema === undefined) return { turn, output: undefined, misfit: null };
  const { finalResponse } = turn;
  const read =
    finalResponse === null
      ? { ok: false as const, issues: ["there is no final answer"] }
      : await toOutputParser(outputSchema).parse([finalResponse]);
  if (read.ok) return { turn, output: read.value, misfit: null };
  return { turn, output: undefined, misfit: new StructuredOutputError(read.issues, turn) };
}

async function callUntil(
  until: Until,
  { turn, output }: CompletedTurn,
  { plan: { context }, signal }: JudgeTurnOptions,
): Promise<UntilAnswer> {
  const { error: _, reason: __, turn: turns, attempt, ...rest } = turn;
  const result = { ...rest, status: "completed" as const, threadId: turn.threadId ?? "", output };
  const call = async (): Promise<unknown> => until(result, { turns, attempt, context, signal });
  const answer = await untilAborted(
    call().catch((cause: unknown) => {
      throw callbackThrew("until", cause);
    }),
    signal,
  );
  if (isUntilAnswer(answer)) return answer;
  throw new RunCallbackError("until", "must return a boolean or `{ done, input }`");
}

function isUntilAnswer(value: unknown): value is UntilAnswer {
  if (typeof value === "boolean") return true;
  return typeof value === "object" && value !== null && "done" in value && typeof value.done === "boolean";
}

/** The input of the next turn if `until` returned false without an input. */
const continueText = "The goal is not reached yet. Go on.";

/** The input after an answer that does not fit. The schema is not part of it: each turn sends the schema. */
function repairText({ text, issues }: StructuredOutputError): string {
  const answer = text === null ? "You gave no final answer." : `Your answer was:\n\n${cut(text)}`;
  return `Your final answer does not fit the required schema: ${cut(issues.join("; "))}\n\n${answer}\n\nGive the final answer again, as JSON that fits the schema, and nothing else.`;
}

/** The input after an answer that a guardrail rejected. */
function rejectedText(message: string): string {
  return `Your answer was not accepted: ${message}`;
}

/**
 * Returns the input of a turn that was cut off by the end of the host program. Its progress is unknown, and codex may not
 * have received it. So the input is repeated, after a text that states this.
 */
export function resumedInput(input: Input): Input {
  const preface: UserInput = { type: "text", text: resumedText };
  return typeof input === "string" ? `${resumedText}\n\n${input}` : [preface, ...input];
}

const resumedText =
  "The program that runs you was stopped in the middle of your turn and has been started again. Part of the work may be done already: look at what is there before you repeat anything, then go on until it is done. What you had been asked in that turn:";

function cut(text: string): string {
  return text.length <= maxShownCharacters ? text : `${text.slice(0, maxShownCharacters)}… (cut)`;
}

/** The limit for the answer and for its issues in a repair turn. */
const maxShownCharacters = 4000;
