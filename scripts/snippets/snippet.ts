/** One documented program. `line` is the 1-based line of its first line of code in `file`. An `mjs` program is run by Node alone. */
export interface Snippet {
  readonly file: string;
  readonly line: number;
  readonly language: "ts" | "cjs" | "mjs";
  /** True for a complete program, which is also run. */
  readonly run: boolean;
  readonly code: string;
}

/** The programs of one file, and complaints about blocks that cannot be checked. */
export interface Extraction {
  readonly snippets: readonly Snippet[];
  readonly complaints: readonly string[];
}
