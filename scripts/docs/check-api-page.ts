import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ts from "typescript";
import { root } from "../house/read-files.js";

const page = "docs/api.md";
const entries = ["src/index.ts", "src/testing/index.ts"];

/** Public names that the page of all names leaves out, and names it has that nothing exports. */
export async function checkApiPage(): Promise<string[]> {
  const sources = await Promise.all(entries.map((file) => readFile(join(root, file), "utf8")));
  const text = await readFile(join(root, page), "utf8");
  return compareNames(sources.flatMap(exportedNames), text);
}

/** The page lists a name in code style, alone in the first cell of a table's row. */
export function compareNames(exported: readonly string[], text: string): string[] {
  const listed = [...text.matchAll(/^\| `(\w+)` +\|/gm)].flatMap(([, name]) => name ?? []);
  return [
    ...exported.filter((name) => !listed.includes(name)).map((name) => `${page}: \`${name}\` is missing`),
    ...listed.filter((name) => !exported.includes(name)).map((name) => `${page}: nothing exports \`${name}\``),
  ];
}

/** The names in the `export { ... } from` lines of an entry point. */
export function exportedNames(text: string): string[] {
  const source = ts.createSourceFile("index.ts", text, ts.ScriptTarget.Latest, true);
  return source.statements
    .filter(ts.isExportDeclaration)
    .flatMap(({ exportClause }) =>
      exportClause !== undefined && ts.isNamedExports(exportClause)
        ? exportClause.elements.map(({ name }) => name.text)
        : [],
    );
}
