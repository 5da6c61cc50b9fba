import { untilAborted } from "../../internal/with-deadline.js";
import type { AutoRunReason } from "../../protocol/index.js";
import { toOutputReader } from "../output/output-schema.js";
import { StructuredOutputError } from "../turn/turn-errors.js";
import type { Input } from "../turn/turn-input.js";
import { RunCallbackError } from "./auto-run-errors.js";
import type { RunPlan, Until, UntilAnswer } from "./auto-run-options.js";
import type { AutoRunTurn } from "./auto-run-result.js";
import type { AutoRunTurnSummary } from "./auto-run-state.js";
import { checkGuardrails, type GuardrailTold } from "./run-guardrails.js";
import { goOnText, rejectedText, repairText } from "./turn-texts.js";

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
      : await toOutputReader(outputSchema).read(text);
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
