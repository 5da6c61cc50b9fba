import { attachedResult } from "../../errors/attach-result.js";
import type { ThreadItem, TokenUsage, TurnFailure } from "../../protocol/index.js";
import type { CodexError } from "../../errors/codex-error.js";
import type { TurnWarning } from "./turn-warnings.js";
import { isError } from "../../internal/is-error.js";

/** The tokens of a turn, counted in three ways. A value that codex does not report is absent, never guessed. */
export interface TurnUsage {
  /** Tokens of this turn: the sum of its model requests. */
  readonly turn?: TokenUsage;
  /** Tokens of the whole thread, this turn included. */
  readonly thread?: TokenUsage;
  /** Tokens of the turn's sub-agents. Absent without sub-agents, and on exec, which does not report them. */
  readonly agents?: TokenUsage;
  /** The sum of `turn` and `agents`. Absent if `agents` is. */
  readonly total?: TokenUsage;
  /** Tokens in the model's context at the turn's last model request, and the size of its context window. */
  readonly context?: { readonly used: number; readonly window: number | null };
}

/** The result of a turn. Mirrors the app-server's `Turn`, with full items. */
export interface TurnResult<O = unknown> {
  readonly status: "completed" | "interrupted";
  /** The model's final answer: its last `final_answer` message, else its last message without a phase. Never commentary. */
  readonly finalResponse: string | null;
  /** The final answer parsed by the turn's `outputSchema`; undefined without one, and for an interrupted turn. */
  readonly output: O;
  /** Every completed item, in the order of completion. */
  readonly items: readonly ThreadItem[];
  /** Items that started and did not complete, such as the command of an interrupted turn. */
  readonly unfinishedItems: readonly ThreadItem[];
  readonly usage: TurnUsage;
  readonly threadId: string;
  /** Null on exec, which has no turn ids. */
  readonly turnId: string | null;
  /** Whole milliseconds from the start of the turn to its end, measured by codexkit. */
  readonly durationMs: number;
  /**
   * The warnings of codexkit in the turn, in order: each `codexkit.warning`, and `THREAD_NOT_SAVED` if codex could not save
   * the turn. Usually empty.
   */
  readonly warnings: readonly TurnWarning[];
}

/** The result of a turn that failed, was aborted or lost its process. */
export interface PartialTurnResult {
  readonly status: "completed" | "interrupted" | "failed" | "inProgress";
  readonly finalResponse: string | null;
  readonly items: readonly ThreadItem[];
  readonly unfinishedItems: readonly ThreadItem[];
  readonly usage: TurnUsage;
  readonly threadId: string | null;
  readonly turnId: string | null;
  readonly durationMs: number;
  /** The error that codex ended the turn with. If codexkit ended the turn: codex's last error, unless progress followed. */
  readonly error: TurnFailure | null;
  readonly warnings: readonly TurnWarning[];
}

/** The reason why codexkit ended the turn. */
export type Stop =
  | { readonly kind: "abort"; readonly reason: unknown }
  | { readonly kind: "break" }
  | { readonly kind: "interrupt" }
  /** A guardrail, or another answer to a server request, ended the turn with an error. */
  | { readonly kind: "refused"; readonly error: CodexError }
  | { readonly kind: "closed"; readonly closed: "client" | "thread" }
  | TimeoutStop;

export interface TimeoutStop {
  readonly kind: "timeout";
  readonly limit: "timeoutMs" | "idleTimeoutMs";
  readonly milliseconds: number;
  /** The turn was not interrupted, because other callers take part in it. */
  readonly continues?: boolean;
}

export interface TurnOutcome {
  readonly result: PartialTurnResult;
  /** The reason why the turn has no terminal event; null if it has one. */
  readonly error: CodexError | null;
  readonly stop: Stop | null;
  /** The error that the turn's reader and its `result()` have in common, with the partial result attached. */
  readonly failure: CodexError | null;
}

/**
 * Returns the partial result that an error of `run()` or `result()` carries. Returns null for any other error, and if the
 * turn had not begun.
 *
 * @example
 * ```ts
 * import { Codex, partialResultOf } from "codexkit";
 *
 * await using codex = new Codex();
 * try {
 *   await codex.startThread().run("Refactor the parser", { timeoutMs: 60_000 });
 * } catch (error) {
 *   console.error(error, partialResultOf(error)?.items.length ?? 0);
 * }
 * ```
 */
export function partialResultOf(error: unknown): PartialTurnResult | null {
  if (!isError(error)) return null;
  const result: unknown = "result" in error ? error.result : attachedResult(error);
  return isPartialResult(result) ? result : null;
}

function isPartialResult(value: unknown): value is PartialTurnResult {
  return typeof value === "object" && value !== null && "items" in value && "usage" in value && "status" in value;
}
