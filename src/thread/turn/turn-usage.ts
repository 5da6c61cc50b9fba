import type { ThreadEvent, TokenUsage } from "../../protocol/index.js";
import type { TurnUsage } from "./turn-result.js";

/**
 * The thread's usage before the turn: its numbers, `none` for a new thread, or `unknown` for a thread that was resumed by
 * its bare id on exec.
 */
export type UsageBaseline = TokenUsage | "none" | "unknown";

/** One report of codex: the thread's total and, on app-server, the usage of the last model request. */
export interface UsageReport {
  readonly total: TokenUsage;
  readonly last?: TokenUsage;
  readonly window?: number | null;
}

/**
 * Consecutive reports whose totals only grow. A turn has one span, or more if codex restarted its count within the turn, as
 * it does when the context overflows. The report of an overflow is a fill, which counts no request.
 */
export interface UsageSpan {
  readonly first: UsageReport;
  readonly latest: UsageReport;
  readonly restarted: boolean;
}

/** Returns the spans after one more report. */
export function withReport(spans: readonly UsageSpan[], report: UsageReport): readonly UsageSpan[] {
  const current = spans.at(-1);
  const restarted = isFill(report) || (current !== undefined && subtract(report.total, current.latest.total) === null);
  if (current === undefined || restarted) return [...spans, { first: report, latest: report, restarted }];
  return [...spans.slice(0, -1), { ...current, latest: report }];
}

/**
 * Returns the usage of a turn as the difference of two totals. If the total before the turn is unknown, it is derived from
 * the turn's first report on app-server: the reported total minus the reported request.
 */
export function toTurnUsage(baseline: UsageBaseline, spans: readonly UsageSpan[]): TurnUsage {
  const latest = spans.at(-1)?.latest;
  if (latest === undefined) return {};
  const turn = sum(spans.map((span) => (span.restarted ? gainedIn(span) : difference(baseline, span))));
  const thread = totalAfter(spans);
  const context = latest.last === undefined ? null : { used: totalOf(latest.last), window: latest.window ?? null };
  return {
    ...(turn === null ? {} : { turn }),
    ...(thread === null ? {} : { thread }),
    ...(context === null ? {} : { context }),
  };
}

/** Returns codex's report as the counts that codexkit knows. */
export function toUsageReport({
  tokenUsage,
}: Extract<ThreadEvent, { type: "thread.tokenUsage.updated" }>): UsageReport {
  const { total, last, modelContextWindow } = tokenUsage;
  return { total: toUsage(total), last: toUsage(last), window: modelContextWindow ?? null };
}

function toUsage(usage: TokenUsage): TokenUsage {
  const { inputTokens, cachedInputTokens, outputTokens, reasoningOutputTokens, totalTokens } = usage;
  const known = {
    inputTokens,
    cachedInputTokens,
    cacheWriteInputTokens: usage.cacheWriteInputTokens,
    outputTokens,
    reasoningOutputTokens,
  };
  return totalTokens === undefined ? known : { ...known, totalTokens };
}

/** Whether codex reports a full context: a total that is not a sum of requests. */
function isFill({ last }: UsageReport): boolean {
  return last !== undefined && totalOf(last) > 0 && last.inputTokens === 0 && last.outputTokens === 0;
}

function difference(baseline: UsageBaseline, { first, latest }: UsageSpan): TokenUsage | null {
  if (baseline === "none") return latest.total;
  if (baseline !== "unknown") return subtract(latest.total, baseline);
  const before = first.last === undefined ? null : subtract(first.total, first.last);
  return before === null ? null : subtract(latest.total, before);
}

/** Returns the usage of a restarted span. Its first report counts if it is a request, and does not if it is a fill. */
function gainedIn({ first, latest }: UsageSpan): TokenUsage | null {
  const later = subtract(latest.total, first.total);
  return isFill(first) ? later : sum([later, first.last ?? null]);
}

/** Returns the thread's total: the current count of codex plus the counts before each restart. */
function totalAfter(spans: readonly UsageSpan[]): TokenUsage | null {
  const [latest, ...earlier] = [...spans].reverse();
  if (latest === undefined) return null;
  return latest.restarted ? sum([totalAfter(earlier.reverse()), gainedIn(latest)]) : latest.latest.total;
}

/** Returns null if one part is unknown. */
function sum(parts: readonly (TokenUsage | null)[]): TokenUsage | null {
  return parts.reduce((all, part) => (all === null || part === null ? null : addUsage(all, part)));
}

/** Returns the sum of both. `totalTokens` is absent if one of them has none. */
export function addUsage(one: TokenUsage, other: TokenUsage): TokenUsage {
  const both = {
    inputTokens: one.inputTokens + other.inputTokens,
    cachedInputTokens: one.cachedInputTokens + other.cachedInputTokens,
    cacheWriteInputTokens: one.cacheWriteInputTokens + other.cacheWriteInputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    reasoningOutputTokens: one.reasoningOutputTokens + other.reasoningOutputTokens,
  };
  if (one.totalTokens === undefined || other.totalTokens === undefined) return both;
  return { ...both, totalTokens: one.totalTokens + other.totalTokens };
}

/** Returns null if the count was restarted in between. */
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
