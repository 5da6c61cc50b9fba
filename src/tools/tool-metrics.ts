import type { ToolOutcome } from "../protocol/index.js";

/** Counts and latency of a tool's calls. Plain data: a snapshot that does not change. */
export interface ToolMetrics {
  readonly calls: number;
  /** Calls with any other outcome than `success`. */
  readonly failures: number;
  readonly byOutcome: Readonly<Partial<Record<ToolOutcome, number>>>;
  readonly latency: ToolLatency;
}

/** The latency of all calls in milliseconds, from the call to its answer, including the wait for an approval. `null` before the first call. */
export interface ToolLatency {
  readonly count: number;
  readonly totalMs: number;
  readonly minMs: number | null;
  readonly maxMs: number | null;
  readonly meanMs: number | null;
  readonly lastMs: number | null;
}

export const noMetrics: ToolMetrics = {
  calls: 0,
  failures: 0,
  byOutcome: {},
  latency: { count: 0, totalMs: 0, minMs: null, maxMs: null, meanMs: null, lastMs: null },
};

/** Returns the metrics with one more call. */
export function addCall(metrics: ToolMetrics, outcome: ToolOutcome, ms: number): ToolMetrics {
  const { latency } = metrics;
  const [count, totalMs] = [latency.count + 1, latency.totalMs + ms];
  return {
    calls: metrics.calls + 1,
    failures: metrics.failures + (outcome === "success" ? 0 : 1),
    byOutcome: { ...metrics.byOutcome, [outcome]: (metrics.byOutcome[outcome] ?? 0) + 1 },
    latency: {
      count,
      totalMs,
      minMs: Math.min(latency.minMs ?? ms, ms),
      maxMs: Math.max(latency.maxMs ?? ms, ms),
      meanMs: totalMs / count,
      lastMs: ms,
    },
  };
}
