import { realpathSync } from "node:fs";
import { mkdir, mkdtemp, rm, rmdir } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { isAbsolute, join, relative } from "node:path";
import { CliError } from "./cli-error.js";
import type { CliHost } from "./cli-host.js";

/** A folder of a command's own. */
export interface ScratchFolder {
  readonly path: string;
  remove(): Promise<void>;
}

/**
 * Makes a folder in `.tmp/` of the current folder or, where that cannot be written or is itself temporary, in the user's
 * cache folder. The system's temporary folder will not do: codex lets every command write there, and warns of a
 * CODEX_HOME inside it. Throws a `CliError` where neither place can be written.
 */
export async function createScratchFolder(prefix: string, host: Pick<CliHost, "cwd" | "env">): Promise<ScratchFolder> {
  const bases = [join(host.cwd, ".tmp"), join(cacheFolder(host.env), "codexkit")].filter((base) => !isTemporary(base));
  const refusals: unknown[] = [];
  for (const base of bases) {
    try {
      return await createIn(base, prefix);
    } catch (error) {
      refusals.push(error);
    }
  }
  throw new CliError("environment", `No folder for temporary files can be made: ${refusals.map(String).join("; ")}`, {
    advice: "Run the command in a folder that you can write to, outside the system's temporary folder.",
    cause: refusals.at(-1),
  });
}

async function createIn(base: string, prefix: string): Promise<ScratchFolder> {
  const firstMade = await mkdir(base, { recursive: true });
  const path = await mkdtemp(join(base, prefix));
  return {
    path,
    async remove() {
      await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
      // Somebody else's file in it keeps the folder: then it stays.
      if (firstMade === base) await rmdir(base).catch(() => undefined);
    },
  };
}

function cacheFolder(env: CliHost["env"]): string {
  if (env["XDG_CACHE_HOME"] !== undefined && isAbsolute(env["XDG_CACHE_HOME"])) return env["XDG_CACHE_HOME"];
  if (process.platform === "win32") return env["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local");
  return process.platform === "darwin" ? join(homedir(), "Library", "Caches") : join(homedir(), ".cache");
}

/** True for a path in the system's temporary folder. */
export function isTemporary(path: string): boolean {
  const folders = [tmpdir(), realpath(tmpdir()), ...(process.platform === "win32" ? [] : ["/tmp", realpath("/tmp")])];
  return folders.some((folder) => isInside(path, folder));
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

function realpath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
