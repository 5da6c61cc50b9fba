import { posix } from "node:path";
import ts from "typescript";
import { readFiles } from "./read-files.js";

/** The page of behaviours to prove; `npm run acceptance` writes its last column. */
export const acceptancePage = "internals/acceptance.md";

const row = /^\| (A\d+\.\d+) \|(.*)\|([^|]*)\|$/;

/** The number of test titles that cite each id. */
export type Citations = ReadonlyMap<string, number>;

/** Counts the ids in the titles of all tests. Only first arguments of calls count, so that a comment is no proof. */
export async function countCitations(): Promise<Citations> {
  const files = await readFiles("test", [".test.ts", ".test-d.ts", ".suite.ts"]);
  const counts = new Map<string, number>();
  for (const [file, text] of files) {
    for (const id of citedIds(posix.join("test", file), text)) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return counts;
}

/** Returns the ids in the titles of one test file, once for each title. */
export function citedIds(file: string, text: string): string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const ids: string[] = [];
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) ? node.arguments[0] : undefined;
    if (title !== undefined && (ts.isStringLiteralLike(title) || ts.isTemplateExpression(title))) {
      ids.push(...new Set([...title.getText(source).matchAll(/\[(A\d+\.\d+)\]/g)].map(([, id = ""]) => id)));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return ids;
}

/** Returns the ids of the page in order. */
export function listedIds(page: string): string[] {
  return page.split("\n").flatMap((line) => row.exec(line)?.[1] ?? []);
}

/** Returns the page with `open` in the last column if no test cites the id, otherwise `tested`. */
export function withStatus(page: string, citations: Citations): string {
  return page.replaceAll(new RegExp(row, "gm"), (_line, id: string, text: string) => {
    return `| ${id} |${text}| ${citations.has(id) ? "tested" : "open"} |`;
  });
}
