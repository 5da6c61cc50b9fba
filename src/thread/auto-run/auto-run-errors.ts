import { CodexError } from "../../errors/codex-error.js";
import { describeThrown } from "../../internal/secrets/describe-thrown.js";
import { createRedactor } from "../../internal/secrets/redact.js";
import type { AutoRunResult } from "./auto-run-result.js";
import { isError } from "../../internal/is-error.js";

/**
 * The run reached `maxTurns` before its goal: `until` returned false, the output did not fit its schema, or an output
 * guardrail rejected it. `result` contains the work that was done. If the last output did not fit, `cause` is its error.
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

/** A callback of the run threw (`cause` is its error, and `message` contains its message) or returned an invalid value. */
export class RunCallbackError extends CodexError {
  override name = "RunCallbackError";
  readonly callback: "until" | "checkpoint" | "retry.retryable";

  constructor(callback: RunCallbackError["callback"], problem: string, options: { readonly cause?: unknown } = {}) {
    super("RUN_CALLBACK_FAILED", `\`${callback}\` of the run ${problem}.`, { ...options, retryable: false });
    this.callback = callback;
  }
}

/** Returns the error for a callback that threw. Its message contains the cause's message, without credentials of a known form. */
export function callbackThrew(callback: RunCallbackError["callback"], cause: unknown): RunCallbackError {
  const thrown = describeThrown(cause, redact).replace(/\.$/, "");
  return new RunCallbackError(callback, `threw ${thrown}`, { cause });
}

const redact = createRedactor();

const results = new WeakMap<Error, AutoRunResult>();

/** Stores the work of the run for `autoRunResultOf()`. */
export function attachRunResult(error: CodexError, result: AutoRunResult): void {
  results.set(error, result);
}

/**
 * Returns the work of a run up to the error that ended it, for every error that `runAuto()` rejects with. Returns null for
 * any other error.
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
  return isError(error) ? (results.get(error) ?? null) : null;
}
