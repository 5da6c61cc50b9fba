import { untilAborted } from "../../internal/with-deadline.js";
import type { AutoRunReason } from "../../protocol/index.js";
import { toOutputParser } from "../output/output-schema.js";
import { StructuredOutputError } from "../turn/turn-errors.js";
import { RunCallbackError } from "./auto-run-errors.js";
import type { RunPlan, Until, UntilAnswer } from "./auto-run-options.js";
import type { AutoRunTurn } from "./auto-run-result.js";
import type { AutoRunTurnSummary } from "./auto-run-state.js";
import { checkGuardrails, type GuardrailTold } from "./run-guardrails.js";
import type { Input, UserInput } from "../turn/turn-input.js";

/** A turn that completed. */
export interface CompletedTurn {
  readonly turn: AutoRunTurn;
  readonly output: unknown;
  /** Why its answer does not fit the schema. */
  readonly misfit: StructuredOutputError | null;
}

/** What the turn after it is about. */
export interface NextTurn {
  readonly input: Input;
  readonly reason: AutoRunReason;
  readonly cause: StructuredOutputError | null;
}

export interface Judging {
  readonly plan: RunPlan;
  /** Turns in a row that repaired. */
  readonly repairs: number;
  readonly signal: AbortSignal;
  readonly tell: (told: GuardrailTold) => void;
}

/** Whether the run is done with this turn (null), or what comes next: the schema, the guardrails and `until` are asked in this order. */
export async function judgeTurn(completed: CompletedTurn, judging: Judging): Promise<NextTurn | null> {
  const { turn, output, misfit } = completed;
  const { plan, repairs, signal, tell } = judging;
  if (misfit !== null) {
    if (repairs >= plan.repair) throw misfit;
    return { input: repairText(misfit), reason: "repair", cause: misfit };
  }
  const { finalResponse, items } = turn;
  const call = { output, finalResponse, items, context: plan.context, signal };
  const rejected = await checkGuardrails(plan.output, { stage: "output", call, signal, tell });
  if (rejected !== null) return { input: rejectedText(rejected.message ?? ""), reason: "guardrail", cause: null };
  if (plan.until === null) return null;
  const answer = await askUntil(plan.until, completed, judging);
  if (answer === true || (typeof answer === "object" && answer.done)) return null;
  const input = typeof answer === "object" ? answer.input : undefined;
  return { input: input ?? goOnText, reason: "until", cause: null };
}

/** A turn of another process, of which only the summary is left. */
export async function restoreCompleted(summary: AutoRunTurnSummary, plan: RunPlan): Promise<CompletedTurn> {
  const turn: AutoRunTurn = { ...summary, items: [], unfinishedItems: [] };
  const { outputSchema } = plan.turn;
  if (outputSchema === undefined) return { turn, output: undefined, misfit: null };
  const text = turn.finalResponse;
  const read =
    text === null
      ? { ok: false as const, issues: ["there is no final answer"] }
      : await toOutputParser(outputSchema).parse(text);
  if (read.ok) return { turn, output: read.value, misfit: null };
  return { turn, output: undefined, misfit: new StructuredOutputError(read.issues, turn) };
}

async function askUntil(
  until: Until,
  { turn, output }: CompletedTurn,
  { plan: { context }, signal }: Judging,
): Promise<UntilAnswer> {
  const { error: _, reason: __, turn: turns, attempt, ...rest } = turn;
  const result = { ...rest, status: "completed" as const, threadId: turn.threadId ?? "", output };
  const answer: unknown = await untilAborted(
    new Promise((resolve) => {
      resolve(until(result, { turns, attempt, context, signal }));
    }).catch((cause: unknown) => {
      throw new RunCallbackError("until", "threw", { cause });
    }),
    signal,
  );
  if (isUntilAnswer(answer)) return answer;
  throw new RunCallbackError("until", "must answer a boolean or `{ done, input }`");
}

function isUntilAnswer(value: unknown): value is UntilAnswer {
  if (typeof value === "boolean") return true;
  return typeof value === "object" && value !== null && "done" in value && typeof value.done === "boolean";
}

/** Sent where `until` was not content and gave no input of its own. */
export const goOnText = "The goal is not reached yet. Go on.";

/** How much of an answer and of its issues the model is shown again. */
const maxShownCharacters = 4000;

/** What the model is told of an answer that did not fit; the schema goes with the turn, as it did with the one before. */
export function repairText({ text, issues }: StructuredOutputError): string {
  const answer = text === null ? "You gave no final answer." : `Your answer was:\n\n${cut(text)}`;
  return `Your final answer does not fit the required schema: ${cut(issues.join("; "))}\n\n${answer}\n\nGive the final answer again, as JSON that fits the schema, and nothing else.`;
}

/** What the model is told of an answer that a guardrail rejected. */
export function rejectedText(message: string): string {
  return `Your answer was not accepted: ${message}`;
}

/**
 * The input of a turn that was cut off with its host. Nobody knows how far it came, or whether codex ever got it: so it is
 * neither sent as if it were new nor left out.
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
