import { readdir, readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

const reference = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)\.js"/g;

/**
 * Removes the declarations that no public entry point leads to: nobody can use them, and some name packages that only an
 * optional feature needs.
 */
export async function pruneDeclarations(dist: string, entries: readonly string[]): Promise<void> {
  const kept = new Set<string>();
  const left = entries.map((entry) => resolve(entry));
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (kept.has(file)) continue;
    kept.add(file);
    const text = await readFile(file, "utf8");
    for (const [, path = ""] of text.matchAll(reference)) left.push(resolve(dirname(file), `${path}.d.ts`));
  }
  for (const entry of await readdir(dist, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && path.endsWith(".d.ts") && !kept.has(resolve(path))) await rm(path);
  }
}
