import type { TokenUsage } from "../protocol/index.js";
import type { TurnUsage } from "./turn-result.js";

/**
 * What is known of the thread's usage before the turn: its numbers, `none` for a new thread, or `unknown` (a thread
 * resumed by its bare id on exec).
 */
export type UsageBaseline = TokenUsage | "none" | "unknown";

/** One report of codex: the thread's total and, on app-server, that of the last model request. */
export interface UsageReport {
  readonly total: TokenUsage;
  readonly last?: TokenUsage;
  readonly window?: number | null;
}

/**
 * The usage of a turn as the difference of two totals. Where the total before the turn is not known, app-server's first
 * report of the turn tells it: its total less its own request. Codex restarts its count when the context overflows; then
 * there is no difference to tell.
 */
export function toTurnUsage(baseline: UsageBaseline, first: UsageReport | null, latest: UsageReport | null): TurnUsage {
  if (first === null || latest === null) return {};
  const turn = difference(baseline, first, latest);
  const context = latest.last === undefined ? null : { used: totalOf(latest.last), window: latest.window ?? null };
  return {
    ...(turn === null ? {} : { turn }),
    thread: latest.total,
    ...(context === null ? {} : { context }),
  };
}

function difference(baseline: UsageBaseline, first: UsageReport, latest: UsageReport): TokenUsage | null {
  if (baseline === "none") return latest.total;
  if (baseline !== "unknown") return subtract(latest.total, baseline);
  const before = first.last === undefined ? null : subtract(first.total, first.last);
  return before === null ? null : subtract(latest.total, before);
}

/** Null where the count was restarted in between. */
function subtract(total: TokenUsage, before: TokenUsage): TokenUsage | null {
  const rest = {
    inputTokens: total.inputTokens - before.inputTokens,
    cachedInputTokens: total.cachedInputTokens - before.cachedInputTokens,
    cacheWriteInputTokens: total.cacheWriteInputTokens - before.cacheWriteInputTokens,
    outputTokens: total.outputTokens - before.outputTokens,
    reasoningOutputTokens: total.reasoningOutputTokens - before.reasoningOutputTokens,
  };
  if (Object.values(rest).some((tokens) => tokens < 0)) return null;
  if (total.totalTokens === undefined || before.totalTokens === undefined) return rest;
  return { ...rest, totalTokens: total.totalTokens - before.totalTokens };
}

function totalOf(usage: TokenUsage): number {
  return usage.totalTokens ?? usage.inputTokens + usage.outputTokens;
}
