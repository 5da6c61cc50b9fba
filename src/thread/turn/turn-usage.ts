import type { TokenUsage } from "../../protocol/index.js";
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
 * Reports in one row, whose totals only grow. A turn has one; it has more where codex restarted its count within the
 * turn, as it does when the context overflows: its fill then counts no request.
 */
export interface UsageSpan {
  readonly first: UsageReport;
  readonly latest: UsageReport;
  readonly restarted: boolean;
}

/** The spans after one more report. */
export function withReport(spans: readonly UsageSpan[], report: UsageReport): readonly UsageSpan[] {
  const current = spans.at(-1);
  const restarted = isFill(report) || (current !== undefined && subtract(report.total, current.latest.total) === null);
  if (current === undefined || restarted) return [...spans, { first: report, latest: report, restarted }];
  return [...spans.slice(0, -1), { ...current, latest: report }];
}

/**
 * The usage of a turn as the difference of two totals. Where the total before the turn is not known, app-server's first
 * report of the turn tells it: its total less its own request.
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

/** Codex's way to say that the context is full: a total that is no sum of requests. */
function isFill({ last }: UsageReport): boolean {
  return last !== undefined && totalOf(last) > 0 && last.inputTokens === 0 && last.outputTokens === 0;
}

function difference(baseline: UsageBaseline, { first, latest }: UsageSpan): TokenUsage | null {
  if (baseline === "none") return latest.total;
  if (baseline !== "unknown") return subtract(latest.total, baseline);
  const before = first.last === undefined ? null : subtract(first.total, first.last);
  return before === null ? null : subtract(latest.total, before);
}

/** What a restarted row counts: nothing for a fill, but a first report that is a request counts that one, too. */
function gainedIn({ first, latest }: UsageSpan): TokenUsage | null {
  const later = subtract(latest.total, first.total);
  return isFill(first) ? later : sum([later, first.last ?? null]);
}

/** What codex counts for the thread, and what it had counted before it began anew. */
function totalAfter(spans: readonly UsageSpan[]): TokenUsage | null {
  const [latest, ...earlier] = [...spans].reverse();
  if (latest === undefined) return null;
  return latest.restarted ? sum([totalAfter(earlier.reverse()), gainedIn(latest)]) : latest.latest.total;
}

/** Null where one of them is not known. */
function sum(parts: readonly (TokenUsage | null)[]): TokenUsage | null {
  return parts.reduce((all, part) => (all === null || part === null ? null : addUsage(all, part)));
}

/** Both together. A total that one of them does not tell is absent. */
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
