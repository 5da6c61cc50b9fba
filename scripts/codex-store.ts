import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { scratchFolder } from "./house/scratch-folder.js";

const run = promisify(execFile);

/** Gets the npm package of codex for one platform as a `.tgz` file in a folder, and returns the path of the file. */
export type FetchCodex = (spec: string, folder: string) => Promise<string>;

export interface CodexStoreOptions {
  /** The folder of the store. Default: `.tmp/codex` of the repository. */
  readonly store?: string;
  /** Default: `npm pack`, which compares the file with the registry's checksum. */
  readonly fetch?: FetchCodex;
  /** The platform and architecture, as in the version of the npm package. Default: those of this machine. */
  readonly platform?: string;
}

/**
 * Returns the path of the native codex binary of a version. A version that is not in the store is downloaded to
 * `<store>/<version>`; calls at the same time, also from other processes, download it once.
 */
export async function codexOf(version: string, options: CodexStoreOptions = {}): Promise<string> {
  if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) throw new Error(`no version of codex: ${JSON.stringify(version)}`);
  const { store = scratchFolder("codex"), platform = `${process.platform}-${process.arch}`, fetch = npmPack } = options;
  const folder = join(store, version);
  if (!existsSync(folder)) {
    await mkdir(store, { recursive: true });
    await underLock(`${folder}.lock`, async () => {
      if (!existsSync(folder)) await download({ spec: `@openai/codex@${version}-${platform}`, folder, fetch });
    });
  }
  return binaryIn(folder);
}

/** Unpacks beside the final folder and renames it, so that a folder of the store is always complete. */
async function download({ spec, folder, fetch }: { spec: string; folder: string; fetch: FetchCodex }): Promise<void> {
  const partial = `${folder}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial);
  try {
    const tarball = await fetch(spec, partial);
    await run("tar", ["-xzf", tarball, "-C", partial]);
    await binaryIn(join(partial, "package"));
    await rename(join(partial, "package"), folder);
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
}

/** The platform package has one folder in `vendor/`, named for the target of the compiler. */
async function binaryIn(folder: string): Promise<string> {
  const vendor = join(folder, "vendor");
  const [triple = ""] = await readdir(vendor);
  const binary = join(vendor, triple, "bin", triple.includes("windows") ? "codex.exe" : "codex");
  if (!existsSync(binary)) throw new Error(`the package has no codex: ${binary} is missing`);
  return binary;
}

async function npmPack(spec: string, folder: string): Promise<string> {
  // npm is a script on Windows and needs a shell. `spec` has been checked, `folder` is a path of this repository.
  const shell = process.platform === "win32";
  const { stdout } = await run("npm", ["pack", spec, "--silent", "--pack-destination", folder], { shell });
  return join(folder, stdout.trim().split("\n").at(-1) ?? "");
}

const lockPollMs = 100;

/** Runs `work` while this process owns the lock file. Takes over the lock of a process that has died. */
async function underLock(file: string, work: () => Promise<void>): Promise<void> {
  while (!(await createLock(file))) {
    await removeDeadLock(file);
    await sleep(lockPollMs);
  }
  try {
    await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function createLock(file: string): Promise<boolean> {
  try {
    await writeFile(file, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function removeDeadLock(file: string): Promise<void> {
  const owner = Number(await readFile(file, "utf8").catch(() => ""));
  if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
