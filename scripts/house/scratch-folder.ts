import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { isTemporary } from "../../src/cli/scratch-folder.js";
import { root } from "./read-files.js";

/**
 * Folder for the scratch files of tests and checks: `.tmp/` of the repository. A repository that lies in the system's
 * temporary folder uses a folder in the user's cache instead, because codex lets every command write to the temporary
 * folder and warns of a `CODEX_HOME` there.
 */
export const scratchBase = isTemporary(root) ? join(cacheFolder(), `codexkit-${hashOf(root)}`) : join(root, ".tmp");

// Like `.tmp/`, the folder in the cache lies in a git repository: codex refuses to work outside of one.
if (!scratchBase.startsWith(root) && !existsSync(join(scratchBase, ".git"))) {
  mkdirSync(scratchBase, { recursive: true });
  spawnSync("git", ["init", "--quiet", scratchBase]);
}

/** Path of a folder in the scratch base. It may not exist yet. */
export function scratchFolder(...names: readonly string[]): string {
  return join(scratchBase, ...names);
}

function cacheFolder(): string {
  const cache = process.env["XDG_CACHE_HOME"];
  return cache !== undefined && isAbsolute(cache) ? cache : join(homedir(), ".cache");
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
