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
 * The usage of a turn as the difference of two totals. On app-server the first report of a turn tells the baseline by
 * itself: its total less its own request; that also holds for a thread resumed in a new process.
 */
export function toTurnUsage(baseline: UsageBaseline, first: UsageReport | null, latest: UsageReport | null): TurnUsage {
  if (first === null || latest === null) return {};
  const before = first.last === undefined ? baseline : subtract(first.total, first.last);
  const context = latest.last === undefined ? null : { used: totalOf(latest.last), window: latest.window ?? null };
  return {
    ...(before === "unknown" ? {} : { turn: before === "none" ? latest.total : subtract(latest.total, before) }),
    thread: latest.total,
    ...(context === null ? {} : { context }),
  };
}

function subtract(total: TokenUsage, before: TokenUsage): TokenUsage {
  const difference = {
    inputTokens: total.inputTokens - before.inputTokens,
    cachedInputTokens: total.cachedInputTokens - before.cachedInputTokens,
    cacheWriteInputTokens: total.cacheWriteInputTokens - before.cacheWriteInputTokens,
    outputTokens: total.outputTokens - before.outputTokens,
    reasoningOutputTokens: total.reasoningOutputTokens - before.reasoningOutputTokens,
  };
  if (total.totalTokens === undefined || before.totalTokens === undefined) return difference;
  return { ...difference, totalTokens: total.totalTokens - before.totalTokens };
}

function totalOf(usage: TokenUsage): number {
  return usage.totalTokens ?? usage.inputTokens + usage.outputTokens;
}
