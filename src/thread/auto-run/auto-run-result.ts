import type { Interruption } from "../../approvals/interruptions.js";
import type { AutoRunReason, ThreadItem, TokenUsage } from "../../protocol/index.js";
import type { PartialTurnResult, TurnUsage } from "../turn/turn-result.js";
import { addUsage } from "../turn/turn-usage.js";

/** Why a run ended. `failed` is only in the result that an error carries. */
export type AutoRunStopReason =
  /** A turn completed, its output passed, and `until` was content. */
  | "completed"
  /** An input guardrail rejected the input; `guardrail` tells which. */
  | "guardrail"
  /** `interrupt()`, a reader who left, or a turn that was interrupted from elsewhere. */
  | "interrupted"
  /** All that the running turn waits for is deferred; `interruptions` holds the requests. */
  | "approval"
  | "failed";

/** What a run of several turns came to. `O` is the output of its last turn. */
export interface AutoRunResult<O = unknown> {
  readonly stopReason: AutoRunStopReason;
  /** The final answer of the last turn; null unless the run completed. */
  readonly finalResponse: string | null;
  /** Read by the `outputSchema`; undefined without one, and unless the run completed. */
  readonly output: O;
  /** Every turn in order, other tries of one included. Those from before a restart have no items. */
  readonly turns: readonly AutoRunTurn[];
  /** The items of all turns. */
  readonly items: readonly ThreadItem[];
  readonly usage: AutoRunUsage;
  /** The tries that failed, in order. */
  readonly attempts: readonly AutoRunAttempt[];
  /** The input guardrail that ended the run. */
  readonly guardrail: AutoRunTrip | null;
  /** What waits for a decision: `decide()` each, then `resumeAuto()`. */
  readonly interruptions: readonly Interruption[];
  readonly threadId: string | null;
  /** Milliseconds of this run; from before a restart nothing is counted. */
  readonly durationMs: number;
}

/** One turn of a run. */
export interface AutoRunTurn extends PartialTurnResult {
  /** From 1; another try has the same number. */
  readonly turn: number;
  /** From 1. */
  readonly attempt: number;
  readonly reason: AutoRunReason;
}

/** A try that failed. */
export interface AutoRunAttempt {
  readonly turn: number;
  readonly attempt: number;
  readonly error: { readonly code: string; readonly message: string };
  /** Milliseconds waited before the next try; null where there was none. */
  readonly delayMs: number | null;
  /** When codex said that it can be tried again, in milliseconds since 1970; null where it did not. */
  readonly retryAt: number | null;
}

export interface AutoRunTrip {
  readonly name: string;
  readonly message: string;
}

/** Tokens of a run. What codex does not tell is absent, never guessed. */
export interface AutoRunUsage {
  /** All turns of the run together. */
  readonly run?: TokenUsage;
  /** The whole thread. */
  readonly thread?: TokenUsage;
  /** How full the model's context was at the end. */
  readonly context?: TurnUsage["context"];
}

/** The usage of all turns together, and of the last that told. */
export function toRunUsage(turns: readonly AutoRunTurn[]): AutoRunUsage {
  const run = turns.filter(hasCounted).reduce<TokenUsage | null | undefined>((all, { usage: { turn } }) => {
    if (all === null || turn === undefined) return null;
    return all === undefined ? turn : addUsage(all, turn);
  }, undefined);
  const thread = turns
    .map(({ usage }) => usage.thread)
    .filter((usage) => usage !== undefined)
    .at(-1);
  const context = turns
    .map(({ usage }) => usage.context)
    .filter((usage) => usage !== undefined)
    .at(-1);
  return {
    ...(run === undefined || run === null ? {} : { run }),
    ...(thread === undefined ? {} : { thread }),
    ...(context === undefined ? {} : { context }),
  };
}

/** A turn of app-server without a report, or one in which nothing happened, has used nothing. */
function hasCounted({ usage, turnId, items }: AutoRunTurn): boolean {
  return usage.turn !== undefined || usage.thread !== undefined || (turnId === null && items.length > 0);
}
