import type { Stage } from "./stage/stage.js";

/** One case of the benchmark. */
export interface BenchCase {
  readonly name: string;
  run(stage: Stage, size: "quick" | "full"): Promise<CaseResult>;
}

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  /** The method, in one or two sentences. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
}

/** One measure: a number for each column, null if it was not measured. */
export interface Row {
  readonly label: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
}

export interface Ratio {
  readonly label: string;
  readonly value: number;
  readonly unit?: string;
  /** The limit. A ratio without one is informative. */
  readonly bound?: Bound;
}

export type Bound = { readonly atMost: number } | { readonly atLeast: number };
