import ts from "typescript";
import { extractMarkdown } from "./extract-markdown.js";
import type { Extraction } from "./snippet.js";

/**
 * Returns the `ts` blocks of every `@example` in a source file; those marked `run` are run. An `@example` without a
 * block is a complaint, because it would never be compiled.
 */
export function extractDocstrings(file: string, text: string): Extraction {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found = examples(source).map((tag) => extractExample(file, source, tag));
  return {
    snippets: found.flatMap(({ snippets }) => snippets),
    complaints: found.flatMap(({ complaints }) => complaints),
  };
}

function examples(source: ts.SourceFile): ts.JSDocTag[] {
  const tags = new Set<ts.JSDocTag>();
  const visit = (node: ts.Node): void => {
    for (const child of node.getChildren(source)) {
      if (ts.isJSDoc(child))
        child.tags?.filter(({ tagName }) => tagName.text === "example").forEach((tag) => tags.add(tag));
      visit(child);
    }
  };
  visit(source);
  return [...tags];
}

function extractExample(file: string, source: ts.SourceFile, tag: ts.JSDocTag): Extraction {
  // Uses the raw text, because the parser's text of a tag has no indentation and stops at an `@` inside code.
  const comment = tag.parent.getText(source);
  const start = tag.getStart(source) - tag.parent.getStart(source) + "@example".length;
  const rest = comment.slice(start).replace(/\*\/$/, "");
  const own = rest.split(/\r?\n/).map((line, index) => (index === 0 ? line : line.replace(/^\s*\* ?/, "")));
  const end = endOfTag(own);
  const firstLine = source.getLineAndCharacterOfPosition(tag.getStart(source)).line + 1;
  const found = extractMarkdown(file, own.slice(0, end).join("\n"), { firstLine, unmarked: "compile" });
  if (found.snippets.length > 0 || found.complaints.length > 0) return found;
  return { snippets: [], complaints: [`${file}:${firstLine}: an @example without a \`\`\`ts block is never compiled`] };
}

function endOfTag(lines: readonly string[]): number {
  let fenced = false;
  for (const [index, line] of lines.entries()) {
    if (/^\s*```/.test(line)) fenced = !fenced;
    else if (!fenced && index > 0 && /^\s*@\w/.test(line)) return index;
  }
  return lines.length;
}
