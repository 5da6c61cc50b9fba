import { realpathSync } from "node:fs";
import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { CliError } from "./cli-error.js";
import type { CliHost } from "./cli-host.js";
import { homeFolder } from "./doctor/home-folder.js";

/** A temporary folder of one command. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Creates a folder in `.tmp/` of the current folder. If that is not writable or lies in the system's temporary folder, uses
 * the user's cache folder. The system's temporary folder is unsuitable, because codex lets every command write to it and
 * warns of a CODEX_HOME inside it. Throws a `CliError` if neither folder is writable.
 */
export async function createScratchFolder(prefix: string, host: Pick<CliHost, "cwd" | "env">): Promise<ScratchFolder> {
  const cache = cacheFolder(host.env);
  const bases = [join(host.cwd, ".tmp"), ...(cache === null ? [] : [join(cache, "codexkit")])].filter(
    (base) => !isTemporary(base),
  );
  const refusals: unknown[] = [];
  for (const base of bases) {
    try {
      return await createIn(base, prefix);
    } catch (error) {
      refusals.push(error);
    }
  }
  throw new CliError("environment", `Cannot create a folder for temporary files: ${refusals.map(String).join("; ")}`, {
    advice: "Run the command in a writable folder outside the system's temporary folder.",
    cause: refusals.at(-1),
  });
}

async function createIn(base: string, prefix: string): Promise<ScratchFolder> {
  const firstCreated = await mkdir(base, { recursive: true });
  const path = await mkdtemp(join(base, prefix));
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      // The folder stays if it contains other files.
      if (firstCreated === base) await rmdir(base).catch(() => undefined);
    },
  };
}

function cacheFolder(env: CliHost["env"]): string | null {
  if (env["XDG_CACHE_HOME"] !== undefined && isAbsolute(env["XDG_CACHE_HOME"])) return env["XDG_CACHE_HOME"];
  const home = homeFolder();
  if (process.platform === "win32" && env["LOCALAPPDATA"] !== undefined) return env["LOCALAPPDATA"];
  if (home === null) return null;
  if (process.platform === "win32") return join(home, "AppData", "Local");
  return process.platform === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}

/** Returns true if the path lies in the system's temporary folder. */
export function isTemporary(path: string): boolean {
  const folders = [tmpdir(), realpath(tmpdir()), ...(process.platform === "win32" ? [] : ["/tmp", realpath("/tmp")])];
  return folders.some((folder) => isInside(path, folder));
}

function isInside(path: string, folder: string): boolean {
  const inner = relative(folder, path);
  return inner === "" || (!inner.startsWith("..") && !isAbsolute(inner));
}

function realpath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
