import { readdir, readFile } from "node:fs/promises";
import { join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Returns the texts of the files in `folder` and below it whose path ends in one of `endings`, by path from `folder`,
 * in order.
 */
export async function readFiles(
  folder: string,
  endings: readonly string[],
  { deep = true }: { readonly deep?: boolean } = {},
): Promise<Map<string, string>> {
  const base = join(root, folder);
  const found = (await readdir(base, { recursive: deep }).catch(ifMissing))
    .map((path) => path.split(sep).join(posix.sep))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort();
  return new Map(
    await Promise.all(found.map(async (path) => [path, await readFile(join(base, path), "utf8")] as const)),
  );
}

/** Returns the paths of all files in `folder` and below it, from the root of the repository, such as `src/index.ts`. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join(posix.sep))
    .sort();
}

function ifMissing(error: unknown): string[] {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
  throw error;
}
