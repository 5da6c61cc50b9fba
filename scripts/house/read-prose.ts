import ts from "typescript";

/** A piece of English: one comment, title, message, paragraph or table cell. */
export interface Passage {
  readonly kind: "comment" | "title" | "message" | "text" | "head";
  /** Offset of `text` in the file. */
  readonly start: number;
  /** The prose, with code and markup replaced by spaces of the same length. */
  readonly text: string;
  /** The reason of an exception: empty if the mark has none, undefined if there is no mark. */
  readonly exception: string | undefined;
}

const mark = /voice-ok(?::[ \t]*([^\n]*?))?[ \t]*(?:\*\/|-->|$)/m;

/** The comments, test titles and, if `messages` is set, error messages of a TypeScript or JavaScript file. */
export function readCode(file: string, text: string, { messages }: { readonly messages: boolean }): Passage[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const comments = commentsOf(source);
  const strings = stringsOf(source, messages);
  const marks = comments.filter((comment) => comment.exception !== undefined);
  const lineOf = (offset: number): number => source.getLineAndCharacterOfPosition(offset).line;
  const exceptionAt = (offset: number): string | undefined =>
    marks.find((comment) => {
      const end = lineOf(comment.start + comment.text.length);
      return end === lineOf(offset) || end + 1 === lineOf(offset);
    })?.exception;
  return [...comments, ...strings.map((passage) => ({ ...passage, exception: exceptionAt(passage.start) }))];
}

function commentsOf(source: ts.SourceFile): Passage[] {
  const ranges = new Map<number, number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const found = [
      ...(ts.getLeadingCommentRanges(source.text, node.pos) ?? []),
      ...(ts.getTrailingCommentRanges(source.text, node.end) ?? []),
    ];
    for (const { pos, end } of found) ranges.set(pos, end);
    node.getChildren(source).forEach(visit);
  };
  visit(source);
  return joinLines(
    source.text,
    [...ranges].sort(([a], [b]) => a - b),
  ).map(([start, end]) => {
    const text = source.text.slice(start, end);
    return { kind: "comment", start, text: withoutMarkup(text), exception: exceptionOf(text) };
  });
}

/** Joins `//` comments on adjacent lines into one. */
function joinLines(text: string, ranges: readonly (readonly [number, number])[]): [number, number][] {
  const joined: [number, number][] = [];
  for (const [start, end] of ranges) {
    const last = joined.at(-1);
    const adjacent = last !== undefined && /^\r?\n[ \t]*$/.test(text.slice(last[1], start));
    if (adjacent && text.startsWith("//", last[0]) && text.startsWith("//", start)) last[1] = end;
    else joined.push([start, end]);
  }
  return joined;
}

function exceptionOf(text: string): string | undefined {
  const found = mark.exec(text);
  return found === null ? undefined : (found[1] ?? "");
}

/** Blanks comment marks, tags, links, fenced blocks and inline code. */
function withoutMarkup(text: string): string {
  return text
    .replaceAll(/```[^]*?```|`[^`\n]*`|\{@link [^}]*\}|voice-ok[^\n]*/g, blank)
    .replaceAll(/^[ \t]*(?:\/\*\*?|\/\/+|\*\/|\*(?!\*))|\*\/$/gm, blank)
    .replaceAll(/@(?:param|throws|returns|typedef|see|type) ?(?:\{[^}]*\})?|@\w+/g, blank);
}

function stringsOf(source: ts.SourceFile, messages: boolean): Passage[] {
  const found = new Map<number, Passage>();
  const add = (kind: "title" | "message", node: ts.Node): void => {
    const start = node.getStart(source);
    const text = stringText(node, source).replaceAll(/\[[A-Z]+\d+(?:\.\d+)?\]/g, blank);
    found.set(start, { kind, start, text, exception: undefined });
  };
  const collect = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) add("message", node);
    if (!ts.isFunctionLike(node) && !ts.isCallExpression(node)) ts.forEachChild(node, collect);
  };
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) && isTestCall(node.expression) ? node.arguments[0] : undefined;
    if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) add("title", title);
    if (messages && ts.isNewExpression(node) && node.expression.getText(source).endsWith("Error")) {
      node.arguments?.forEach(collect);
    }
    if (messages && ts.isThrowStatement(node)) collect(node);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return [...found.values()];
}

/** True for `test`, `test.skip`, `describe.each(rows)` and the like. */
function isTestCall(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ["test", "it", "describe", "suite", "bench"].includes(callee.text);
  if (ts.isPropertyAccessExpression(callee) || ts.isCallExpression(callee)) return isTestCall(callee.expression);
  return ts.isTaggedTemplateExpression(callee) && isTestCall(callee.tag);
}

/** The words of a string or template, without its expressions. */
function stringText(node: ts.Node, source: ts.SourceFile): string {
  const text = node.getText(source);
  if (!ts.isTemplateExpression(node)) return text.replaceAll(/\\?`[^`\n]*`(?=.)/g, blank);
  const start = node.getStart(source);
  let words = text;
  for (const { expression } of node.templateSpans) {
    const from = expression.getStart(source) - start;
    const to = expression.getEnd() - start;
    words = words.slice(0, from) + blank(words.slice(from, to)) + words.slice(to);
  }
  return words;
}

/** The paragraphs, headings, list items and table cells of a Markdown page, without code, link targets and HTML comments. */
export function readMarkdown(text: string): Passage[] {
  const passages: Passage[] = [];
  const prose = text
    .replaceAll(/^([ \t]*)(`{3,}|~{3,}).*\n[^]*?^[ \t]*\2[`~]*[ \t]*$/gm, blank)
    .replaceAll(/(`+)(?!`)[^]*?(?<!`)\1(?!`)|\]\([^)]*\)|<!--[^]*?-->/g, blank);
  const lines = text.split("\n");
  let open = false;
  let start = 0;
  for (const [index, raw] of lines.entries()) {
    const line = prose.slice(start, start + raw.length);
    const exception = exceptionOf(raw);
    if (/^\s*\|/.test(line)) {
      const isHead = /^\s*\|[\s:|-]+\|\s*$/.test(lines[index + 1] ?? "");
      for (const cell of line.matchAll(/[^|]+/g)) {
        passages.push({ kind: isHead ? "head" : "text", start: start + cell.index, text: cell[0], exception });
      }
      open = false;
    } else if (raw.trim() === "") {
      open = false;
    } else if (open && !/^\s*(?:#{1,6} |[-*+] |\d+[.)] |>)/.test(raw)) {
      const last = passages.pop();
      if (last !== undefined) {
        const joined = last.exception ?? exception;
        passages.push({ ...last, text: prose.slice(last.start, start + raw.length), exception: joined });
      }
    } else {
      passages.push({ kind: "text", start, text: line, exception });
      open = !/^#{1,6} /.test(raw);
    }
    start += raw.length + 1;
  }
  return passages;
}

function blank(text: string): string {
  return text.replaceAll(/[^\n]/g, " ");
}
