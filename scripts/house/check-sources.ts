import { basename } from "node:path";
import ts from "typescript";
import type { SourceFiles } from "./check-layers.js";
import { hostFolders } from "./ranks.mjs";

const maxLinesOfCode = 250;
/** `common` and `shared` alone are empty names; in front of a noun they are adjectives. */
const emptyNames = /(^|-)(utils?|helpers?|misc|manager)(-|$)|^(common|shared)$|-(common|shared)$/;

/** Returns breaches of the rules on names, size, printing and disabled lint rules, one sentence each. */
export function checkSources(files: SourceFiles): string[] {
  return [...files]
    .filter(([file]) => !file.includes("/generated/"))
    .flatMap(([file, text]) => checkSource(file, text));
}

function checkSource(file: string, text: string): string[] {
  const complaints: string[] = [];
  for (const part of file.split("/").map((name) => basename(basename(name, ".ts"), ".js"))) {
    if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(part)) complaints.push(`${file}: "${part}" is not kebab-case`);
    if (emptyNames.test(part)) complaints.push(`${file}: "${part}" is an empty name; name it after its main export`);
  }
  const size = linesOfCode(file, text);
  if (size > maxLinesOfCode) complaints.push(`${file}: ${size} lines of code, ${maxLinesOfCode} is the cap`);
  if (!hostFolders.includes(file.split("/")[0] ?? ""))
    complaints.push(...printing(file, text).map((line) => `${file}:${line}: console`));
  text.split("\n").forEach((line, index) => {
    const silent = /(eslint-disable|@ts-(ignore|expect-error|nocheck))(?!.* -- \S)/.test(line);
    if (silent) complaints.push(`${file}:${index + 1}: switches a check off without " -- reason"`);
  });
  return complaints;
}

/** Counts lines with at least one token: blank lines and comments do not count. */
function linesOfCode(file: string, text: string): number {
  const allLines = text.split("\n").length;
  if (allLines <= maxLinesOfCode) return allLines;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines = new Set<number>();
  const visit = (node: ts.Node): void => {
    if (ts.isJSDoc(node)) return;
    const children = node.getChildren(source);
    if (children.length === 0 && node.getWidth(source) > 0) {
      const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
      const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
      for (let line = first; line <= last; line += 1) lines.add(line);
    }
    children.forEach(visit);
  };
  visit(source);
  return lines.size;
}

function printing(file: string, text: string): number[] {
  if (!text.includes("console")) return [];
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const lines: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isPropertyAccessExpression(node) && node.expression.getText(source) === "console") {
      lines.push(source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}
