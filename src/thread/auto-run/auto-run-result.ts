import type { Interruption } from "../../approvals/interruptions.js";
import type { CodexError } from "../../errors/codex-error.js";
import type { AutoRunReason, ThreadItem, TokenUsage } from "../../protocol/index.js";
import type { PartialTurnResult, TurnUsage } from "../turn/turn-result.js";
import type { TurnWarning } from "../turn/turn-warnings.js";

/** The reason a run ended. `failed` occurs only in the result that an error carries. */
export type AutoRunStopReason =
  /** A turn completed, its output passed, and `until` returned true. */
  | "completed"
  /** An input guardrail rejected the input; see `guardrail`. */
  | "guardrail"
  /** The program called `interrupt()` or left the loop, or the turn was interrupted by another caller. */
  | "interrupted"
  /** The running turn waits for deferred approvals only; see `interruptions`. */
  | "approval"
  | "failed";

/** The result of a run of several turns. `O` is the output type of its last turn. */
export interface AutoRunResult<O = unknown> {
  readonly stopReason: AutoRunStopReason;
  /** The final answer of the last turn; null unless the run completed. */
  readonly finalResponse: string | null;
  /** The final answer parsed by the `outputSchema`; undefined without one, and unless the run completed. */
  readonly output: O;
  /** Every try of every turn, in order. Turns from before a restart of the program have no items. */
  readonly turns: readonly AutoRunTurn[];
  /** The items of all turns. */
  readonly items: readonly ThreadItem[];
  readonly usage: AutoRunUsage;
  /** The tries that failed, in order. */
  readonly attempts: readonly AutoRunAttempt[];
  /** The input guardrail that ended the run. */
  readonly guardrail: AutoRunTrip | null;
  /** The deferred approvals that wait: call `decide()` on each, then `resumeAuto()`. */
  readonly interruptions: readonly Interruption[];
  readonly threadId: string | null;
  /**
   * The warnings of the run, in order: those of its turns, and `HOOK_FAILED` for each hook that threw or rejected. Usually
   * empty. A hook that rejects later is added.
   */
  readonly warnings: readonly TurnWarning[];
  /** Whole milliseconds of this run. Time before a restart of the program is not counted. */
  readonly durationMs: number;
}

/** One try of one turn of a run. */
export interface AutoRunTurn extends PartialTurnResult {
  /** The number of the turn, from 1. A retry keeps the number. */
  readonly turn: number;
  /** The number of the try, from 1. */
  readonly attempt: number;
  readonly reason: AutoRunReason;
}

/** A try that failed. */
export interface AutoRunAttempt {
  readonly turn: number;
  readonly attempt: number;
  readonly error: { readonly code: string; readonly message: string };
  /** Milliseconds of delay before the next try; null if the turn was not tried again. */
  readonly delayMs: number | null;
  /** The time from which codex allows another try, in milliseconds since 1970; null if codex names none. */
  readonly retryAt: number | null;
}

/** The input guardrail that rejected, with its message. */
export interface AutoRunTrip {
  readonly name: string;
  readonly message: string;
}

/** Tokens of a run. A value that codex does not report is absent, never estimated. */
export interface AutoRunUsage {
  /** The sum of all turns of the run, without their sub-agents. */
  readonly run?: TokenUsage;
  /** Tokens of the sub-agents of all turns. Absent without sub-agents, and on exec, which does not report them. */
  readonly agents?: TokenUsage;
  /** The sum of `run` and `agents`. Absent if one of them is. */
  readonly total?: TokenUsage;
  /** The whole thread. */
  readonly thread?: TokenUsage;
  /** The size of the model's context at the end. */
  readonly context?: TurnUsage["context"];
}

/** The reason for an end of the run that its turns did not cause. */
export type RunStop =
  /** The program called `interrupt()`, or the turn was interrupted by another caller. */
  | { readonly kind: "interrupt" }
  /** The reader left the loop. */
  | { readonly kind: "break" }
  | { readonly kind: "abort"; readonly reason: unknown }
  /** The thread or its client closed. */
  | { readonly kind: "closed"; readonly reason: unknown }
  /** The turn waits for deferred approvals only. */
  | { readonly kind: "approval" }
  | { readonly kind: "guardrail"; readonly trip: AutoRunTrip }
  | { readonly kind: "failed"; readonly error: CodexError };

/** The end of a run: the values of its promise, and the reason that its turns did not cause. */
export interface RunOutcome {
  readonly result: AutoRunResult;
  readonly error: CodexError | null;
  readonly stop: RunStop | null;
}
