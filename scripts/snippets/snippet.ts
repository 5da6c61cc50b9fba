/** One documented program. `line` is the 1-based line of its first line of code in `file`. */
export interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly language: "ts" | "cjs";
  /** A whole program that ends by itself: it is run, not only compiled. */
  readonly run: boolean;
  readonly code: string;
}

/** What was found in one file: programs to check, and blocks that could never be checked. */
export interface Extraction {
  readonly snippets: readonly Snippet[];
  readonly complaints: readonly string[];
}
