import { posix } from "node:path";
import { packages, publicOnly, ranks, windows, withoutNode } from "./ranks.mjs";
import { readImports } from "./read-imports.js";

/** Source texts by path from `src/`, as in `thread/turn/turn.ts`. */
export type SourceFiles = ReadonlyMap<string, string>;

/**
 * Returns every breach of the ranks in `ranks.mjs`, one sentence each. `publicEntries` are the files of `src/` in the
 * exports of package.json.
 */
export function checkLayers(files: SourceFiles, publicEntries: readonly string[]): string[] {
  return [...files].flatMap(([file, text]) => {
    const folder = folderOf(file);
    if (!(folder in ranks)) return [`${file}: folder "${folder}" has no rank`];
    return readImports(file, text).flatMap(({ specifier, line }) => {
      const complaint = checkImport(file, specifier, files, publicEntries);
      return complaint === undefined ? [] : [`${file}:${line}: ${complaint}`];
    });
  });
}

function checkImport(
  file: string,
  specifier: string | undefined,
  files: SourceFiles,
  publicEntries: readonly string[],
): string | undefined {
  if (specifier === undefined) return "imports by a computed name, which hides the import from this check";
  const from = folderOf(file);
  if (specifier.startsWith("node:")) return withoutNode.includes(from) ? `imports ${specifier}` : undefined;
  if (!specifier.startsWith(".")) return checkPackage(from, specifier);
  const named = posix.join(posix.dirname(file), specifier);
  const target = files.has(named) ? named : named.replace(/\.js$/, ".ts");
  if (!files.has(target)) return `imports ${specifier}, which is no file of src/`;
  const to = folderOf(target);
  if (to === from) return undefined;
  if (from === publicOnly)
    return publicEntries.includes(target) ? undefined : `imports ${target}, no public entry point`;
  return checkRank(from, to, target);
}

function checkPackage(from: string, specifier: string): string | undefined {
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (packages[name]?.includes(from) === true) return undefined;
  return `imports the package ${name}, which src/${from} may not`;
}

function checkRank(from: string, to: string, target: string): string | undefined {
  const [own, other] = [ranks[from], ranks[to]];
  if (own === undefined || other === undefined) return `imports ${target}, whose folder has no rank`;
  if (other >= own) return `imports ${target}: rank ${other} is not below rank ${own}`;
  const seen = windows[from]?.[to];
  if (seen !== undefined && !seen.includes(target))
    return `imports ${target}: src/${from} sees only ${seen.join(", ")}`;
  return undefined;
}

function folderOf(file: string): string {
  const [first = file] = file.split("/");
  return first.replace(/\.[jt]s$/, "");
}
