import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../house/read-files.js";

/** Returns the versions of codex with fixtures in a folder, the newest last. */
export async function keptVersions(folder = join(root, "test/fixtures/wire")): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const numbers = (version: string): number[] => version.split(/[.-]/).map(Number);
  return names
    .filter((name) => /^\d+\.\d+\.\d+/.test(name))
    .sort((a, b) => numbers(a).reduce((order, part, index) => order || part - (numbers(b)[index] ?? 0), 0));
}
