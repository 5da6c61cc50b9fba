import { attachedResult } from "../../errors/attach-result.js";
import type { PartialTurnResult } from "./turn-result.js";

/**
 * What a turn had done when the error ended it, for every error that `run()` and `result()` reject with; null for any
 * other error, and where nothing had begun.
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
  if (!(error instanceof Error)) return null;
  const result: unknown = "result" in error ? error.result : attachedResult(error);
  return isPartialResult(result) ? result : null;
}

function isPartialResult(value: unknown): value is PartialTurnResult {
  return typeof value === "object" && value !== null && "items" in value && "usage" in value && "status" in value;
}
