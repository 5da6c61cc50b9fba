import { CodexError } from "../../errors/codex-error.js";
import type { AutoRunResult } from "./auto-run-result.js";

/**
 * The run took `maxTurns` turns and was not done: `until` was not content, the output did not fit, or an output guardrail
 * asked for another try. `result` carries all that was done; where the last output did not fit, `cause` says why.
 *
 * @example
 * ```ts
 * import { MaxTurnsError } from "codexkit";
 *
 * function turnsOf(error: unknown): number {
 *   return error instanceof MaxTurnsError ? error.result.turns.length : 0;
 * }
 * ```
 */
export class MaxTurnsError extends CodexError {
  override name = "MaxTurnsError";
  readonly maxTurns: number;
  readonly result: AutoRunResult;

  constructor(maxTurns: number, result: AutoRunResult, options: { readonly cause?: unknown } = {}) {
    const turns = maxTurns === 1 ? "1 turn" : `${maxTurns} turns`;
    super("MAX_TURNS", `The run took ${turns} (\`maxTurns\`) and had not reached its goal.`, {
      ...options,
      threadId: result.threadId,
      retryable: false,
    });
    this.maxTurns = maxTurns;
    this.result = result;
  }
}

/** A function that the caller gave to the run threw, or answered nonsense. `cause` is what it threw. */
export class RunCallbackError extends CodexError {
  override name = "RunCallbackError";
  readonly callback: "until" | "checkpoint" | "retry.retryable";

  constructor(callback: RunCallbackError["callback"], problem: string, options: { readonly cause?: unknown } = {}) {
    super("RUN_CALLBACK_FAILED", `\`${callback}\` of the run ${problem}.`, { ...options, retryable: false });
    this.callback = callback;
  }
}

const results = new WeakMap<Error, AutoRunResult>();

/** The error remembers what the run had done. */
export function attachRunResult(error: CodexError, result: AutoRunResult): void {
  results.set(error, result);
}

/**
 * What a run had done when the error ended it, for every error that `runAuto()` rejects with; null for any other.
 *
 * @example
 * ```ts
 * import { autoRunResultOf } from "codexkit";
 *
 * function report(error: unknown): string {
 *   const turns = autoRunResultOf(error)?.turns ?? [];
 *   return `${String(error)} after ${turns.length} turns`;
 * }
 * ```
 */
export function autoRunResultOf(error: unknown): AutoRunResult | null {
  return error instanceof Error ? (results.get(error) ?? null) : null;
}
