import type { Stage } from "./stage/stage.js";

/** One question that the bench asks. */
export interface BenchCase {
  readonly name: string;
  run(stage: Stage, size: "quick" | "full"): Promise<CaseResult>;
}

export interface CaseResult {
  readonly name: string;
  readonly title: string;
  /** What was done, in a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly ratios: readonly Ratio[];
}

/** One measure: a number for each column, null where it was not taken. */
export interface Row {
  readonly label: string;
  readonly unit: string;
  readonly values: readonly (number | null)[];
}

export interface Ratio {
  readonly label: string;
  readonly value: number;
  readonly unit?: string;
  /** What it should be; without one it is told for its own sake. */
  readonly bound?: Bound;
}

export type Bound = { readonly atMost: number } | { readonly atLeast: number };
