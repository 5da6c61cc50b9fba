import { readFiles } from "../house/read-files.js";

/** Finds the files of `src/` that name a part of the protocol. */
export interface SourceUses {
  /** Files with this text as a string literal. */
  literal(text: string): string[];
  /** Files that read or write a field of this name. */
  field(name: string): string[];
  /** Whether a file names this type. */
  names(type: string): boolean;
}

/** Reads the hand-written files of `src/`: the generated ones name everything. */
export async function readSourceUses(): Promise<SourceUses> {
  const all = await readFiles("src", [".ts"]);
  const files = [...all].filter(([path]) => !path.includes("generated/"));
  const matching = (pattern: RegExp): string[] =>
    files.flatMap(([path, text]) => (pattern.test(text) ? [path.startsWith("src/") ? path : `src/${path}`] : []));
  return {
    literal: (text) => matching(new RegExp(`["'\`]${escape(text)}["'\`]`)),
    names: (type) => matching(new RegExp(`\\b${escape(type)}\\b`)).length > 0,
    field: (name) => matching(new RegExp(`[.{,\\s"]${escape(name)}\\b["?]?\\s*[,:}.)\\]=?]`)),
  };
}

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
