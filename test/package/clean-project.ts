import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/house/read-files.js";
import { pack } from "../../scripts/pack.js";
import { findDependencies } from "./find-dependencies.js";
import { writeStandIn } from "./stand-in-package.js";

const run = promisify(execFile);

/** A user's project, far from this repository, into which npm installed the packed package. */
export interface CleanProject {
  readonly folder: string;
  /** The package as npm installed it. */
  readonly installed: string;
  /** Paths inside the tarball. */
  readonly files: readonly string[];
  /** Runs Node on a program text in this folder; rejects if it does not end with exit code 0. */
  node(text: string, type: "module" | "commonjs"): Promise<string>;
  /** The same for a file of the folder, in an environment with these variables and `PATH`. */
  run(file: string, env: Readonly<Record<string, string>>): Promise<string>;
  remove(): Promise<void>;
}

export interface CleanProjectOptions {
  /** Further packages that the user has installed: names, and the folders of this repository's `node_modules` they are taken from. */
  readonly packages?: Readonly<Record<string, string>>;
  /** `@openai/codex` is installed, with a small program for the binary. */
  readonly codex?: boolean;
}

/**
 * `npm install` of the tarball, as `npm pack` makes it, into an empty folder. All that it depends on is packed from this
 * repository's own `node_modules`, so npm asks no registry; it has an empty cache and no settings of this machine.
 */
export async function createCleanProject(
  name: string,
  { packages = {}, codex = false }: CleanProjectOptions = {},
): Promise<CleanProject> {
  if (!existsSync(join(root, "dist"))) throw new Error("dist/ is missing: run `npm run build` first");
  const { tarball, files } = await pack(`package-${name}`);
  const base = await realpath(await mkdtemp(join(tmpdir(), `codexkit-${name}-`)));
  const folder = join(base, "project");
  const shelf = join(base, "packages");
  await Promise.all([mkdir(folder), mkdir(shelf)]);

  const needed = await findDependencies([root, ...Object.values(packages).map(inModules)]);
  const sources = [...needed.values(), ...Object.values(packages).map(inModules)];
  const standIn = codex ? await writeStandIn(join(base, "stand-in")) : {};
  const packed = await packAll([...sources, ...Object.values(standIn)], shelf);
  const specifier = (source: string): string => `file:${join(shelf, packed.get(source) ?? "missing")}`;
  const dependencies = Object.fromEntries(
    [
      ...Object.entries(packages).map(([each, source]) => [each, inModules(source)] as const),
      ...Object.entries(standIn),
    ].map(([each, source]) => [each, specifier(source)]),
  );
  const manifest = {
    name: "consumer",
    private: true,
    type: "module",
    dependencies: { codexkit: `file:${tarball}`, ...dependencies },
    overrides: Object.fromEntries([...needed].map(([each, source]) => [each, specifier(source)])),
  };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  await run("npm", ["install", "--offline", "--ignore-scripts", "--no-audit", "--no-fund"], {
    cwd: folder,
    env: { PATH: process.env["PATH"], HOME: base },
  });
  return {
    folder,
    installed: join(folder, "node_modules", "codexkit"),
    files: files.map(({ path }) => path),
    async node(text, type) {
      const args = [`--input-type=${type}`, "--eval", text];
      return (await run(process.execPath, args, { cwd: folder, timeout: 30_000 })).stdout;
    },
    async run(file, env) {
      const options = { cwd: folder, env: { PATH: process.env["PATH"], HOME: base, ...env }, timeout: 60_000 };
      return (await run(process.execPath, [file], options)).stdout;
    },
    remove: () => rm(base, { recursive: true, force: true }),
  };
}

function inModules(source: string): string {
  return join(root, "node_modules", source);
}

/** File names of the tarballs, by the folder that each was made from. */
async function packAll(sources: readonly string[], shelf: string): Promise<ReadonlyMap<string, string>> {
  const args = ["pack", "--json", "--ignore-scripts", "--pack-destination", shelf, ...sources];
  const { stdout } = await run("npm", args, { cwd: shelf, maxBuffer: 64 * 1024 * 1024 });
  const told = JSON.parse(stdout) as readonly { readonly filename: string }[];
  return new Map(sources.map((source, index) => [source, told[index]?.filename ?? ""]));
}
