import type { Extraction, Snippet } from "./snippet.js";

const prose = new Set(["", "console", "diff", "dockerfile", "json", "jsonl", "mermaid", "sh", "text", "toml", "yaml"]);
const marksOfCode = ["run", "compile", "no-check"];
const uncheckedFolders = ["docs/internals/decisions/", "docs/internals/api-report/"];

export interface ExtractOptions {
  /** The line of the file that `text` begins with. */
  readonly firstLine?: number;
  /** The mark of a block that has none. Default `run`. */
  readonly unmarked?: "run" | "compile";
}

/**
 * Returns the `ts`, `cjs` and `mjs` blocks of a page. A block is a complete program and is run, unless it is marked `compile`.
 * Decisions and the API report may mark code that cannot be compiled with `no-check`. Blocks in other programming languages
 * are complaints.
 */
export function extractMarkdown(
  file: string,
  text: string,
  { firstLine = 1, unmarked = "run" }: ExtractOptions = {},
): Extraction {
  const snippets: Snippet[] = [];
  const complaints: string[] = [];
  for (const { info, code, line } of fences(text, firstLine)) {
    const [language = "", mark = unmarked, ...others] = info.split(/\s+/).filter((word) => word !== "");
    if (prose.has(language)) continue;
    const place = `${file}:${line - 1}`;
    if (language !== "ts" && language !== "cjs" && language !== "mjs") {
      complaints.push(`${place}: a \`${language}\` block is never compiled; write it as \`ts\``);
    } else if (!marksOfCode.includes(mark) || others.length > 0) {
      complaints.push(`${place}: unknown mark in "${info}"; known is one of \`run\`, \`compile\` and \`no-check\``);
    } else if (mark !== "no-check") {
      snippets.push({ file, line, language, run: mark === "run", code });
    } else if (!uncheckedFolders.some((folder) => file.startsWith(folder))) {
      complaints.push(`${place}: \`no-check\` is for ${uncheckedFolders.join(" and ")} only`);
    }
  }
  return { snippets, complaints };
}

interface Fence {
  readonly info: string;
  readonly code: string;
  readonly line: number;
}

function* fences(text: string, firstLine: number): Generator<Fence> {
  let open: { indent: string; mark: string; info: string; line: number; code: string[] } | undefined;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, indent = "", mark = "", info = ""] = /^(\s*)(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
    if (open === undefined) {
      if (mark !== "") open = { indent, mark, info: info.trim(), line: firstLine + index + 1, code: [] };
    } else if (mark.startsWith(open.mark) && info.trim() === "") {
      yield { info: open.info, code: open.code.join("\n"), line: open.line };
      open = undefined;
    } else {
      open.code.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    }
  }
}
