import type { ThreadItem, TokenUsage, TurnFailure } from "../../protocol/index.js";
import type { CodexError } from "../../errors/codex-error.js";

/** Tokens a turn used, three ways. A value that codex does not tell is absent, never guessed. */
export interface TurnUsage {
  /** What this turn used: all its model requests together. */
  readonly turn?: TokenUsage;
  /** What the whole thread used, this turn included. */
  readonly thread?: TokenUsage;
  /** How full the model's context was at the turn's last model request, in tokens. */
  readonly context?: { readonly used: number; readonly window: number | null };
}

/** What a turn came to. Mirrors the app-server's `Turn`, with the items in full. */
export interface TurnResult<O = unknown> {
  readonly status: "completed" | "interrupted";
  /** The model's final answer: its `final_answer` message, else the last one without a phase; commentary never. */
  readonly finalResponse: string | null;
  /** The final answer parsed by the turn's `outputSchema`; undefined without one, and for an interrupted turn. */
  readonly output: O;
  /** Every completed item, in the order of completion. */
  readonly items: readonly ThreadItem[];
  /** Items that began and never completed: what an interrupted turn was busy with. */
  readonly unfinishedItems: readonly ThreadItem[];
  readonly usage: TurnUsage;
  readonly threadId: string;
  /** Null on exec, which has no turn ids. */
  readonly turnId: string | null;
  /** Milliseconds from the start of the turn to its end, as measured here. */
  readonly durationMs: number;
}

/** What a turn had done when it failed, was aborted or lost its process. */
export interface PartialTurnResult {
  readonly status: "completed" | "interrupted" | "failed" | "inProgress";
  readonly finalResponse: string | null;
  readonly items: readonly ThreadItem[];
  readonly unfinishedItems: readonly ThreadItem[];
  readonly usage: TurnUsage;
  readonly threadId: string | null;
  readonly turnId: string | null;
  readonly durationMs: number;
  /** The error that codex ended the turn with; of a turn that we ended, the last one that it told and had not got over. */
  readonly error: TurnFailure | null;
}

/** Why we ended the turn ourselves. */
export type Stop =
  | { readonly kind: "abort"; readonly reason: unknown }
  | { readonly kind: "break" }
  | { readonly kind: "interrupt" }
  /** A guardrail, or another answer to codex, ended it by an error. */
  | { readonly kind: "refused"; readonly error: CodexError }
  | { readonly kind: "closed"; readonly closed: "client" | "thread" }
  | { readonly kind: "timeout"; readonly limit: "timeoutMs" | "idleTimeoutMs"; readonly milliseconds: number };

export interface TurnOutcome {
  readonly result: PartialTurnResult;
  /** Why no terminal event came, if none did. */
  readonly error: CodexError | null;
  readonly stop: Stop | null;
}
