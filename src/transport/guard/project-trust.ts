import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { JsonObject } from "../../internal/json.js";
import { ancestorsOf, realFolder } from "./real-paths.js";

/**
 * Returns the table `projects` of codex's configuration that decides whether codex trusts a working directory. Codex looks up
 * each folder between the repository's root and the working directory by its exact path, so an untrusted one names all
 * ancestors, as given and as real paths: then an entry of the user's configuration for any of them has no effect. Codex writes
 * no trust into the user's configuration if the thread has an entry of its own.
 */
export function projectTrust(workingDirectory: string, trusted: boolean): JsonObject {
  const folders = formsOf(workingDirectory).flatMap(trusted ? trustedFolders : ancestorsOf);
  const level = trusted ? "trusted" : "untrusted";
  return Object.fromEntries(folders.map((folder) => [folder, { trust_level: level }]));
}

/**
 * Returns the folders whose entry in `projects` would make codex trust the working directory: those from the repository's root
 * down, and the main work tree of a linked one. Without a repository all ancestors count.
 */
export function decidingFolders(workingDirectory: string): readonly string[] {
  const folders = formsOf(workingDirectory).flatMap((form) => {
    const root = repositoryRoot(form);
    if (root === null) return ancestorsOf(form);
    const main = mainWorkTree(root);
    const within = ancestorsOf(form).filter((folder) => folder.length >= root.length);
    return main === null ? within : [...within, main];
  });
  return [...new Set(folders)];
}

function formsOf(workingDirectory: string): readonly string[] {
  return [...new Set([resolve(workingDirectory), realFolder(workingDirectory)])];
}

/** The folder and the root of its repository: the folders between them have no entry of their own and follow the root. */
function trustedFolders(folder: string): readonly string[] {
  const root = repositoryRoot(folder);
  return root === null ? [folder] : [folder, root];
}

function repositoryRoot(folder: string): string | null {
  return ancestorsOf(folder).find((ancestor) => existsSync(join(ancestor, ".git"))) ?? null;
}

/** Returns the main work tree of a linked one, whose `.git` is a file with the path of `<main>/.git/worktrees/<name>`. */
function mainWorkTree(root: string): string | null {
  try {
    const [, folder] = /^gitdir: (.+)$/m.exec(readFileSync(join(root, ".git"), "utf8")) ?? [];
    const [, repository] = /^(.+)[\\/]worktrees[\\/][^\\/]+$/.exec(folder?.trim() ?? "") ?? [];
    return repository === undefined ? null : dirname(resolve(root, repository));
  } catch {
    return null; // A folder: the repository has its main work tree here.
  }
}
