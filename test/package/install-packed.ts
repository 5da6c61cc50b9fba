import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/house/read-files.js";
import { pack } from "../../scripts/pack.js";

const run = promisify(execFile);

/** A program's folder with the packed package in its `node_modules`. */
export interface Consumer {
  readonly folder: string;
  /** The package as it was unpacked. */
  readonly installed: string;
  /** Paths inside the tarball. */
  readonly files: readonly string[];
  /** Runs Node on a program text in this folder; rejects where it does not end with exit code 0. */
  node(text: string, type: "module" | "commonjs"): Promise<string>;
}

/**
 * Packs the package as for publishing and unpacks it where `npm install` would, in `.tmp/<name>`. No registry is asked: the
 * package's own dependencies are found further up, in this repository.
 */
export async function installPacked(name: string): Promise<Consumer> {
  if (!existsSync(join(root, "dist"))) throw new Error("dist/ is missing: run `npm run build` first");
  const { tarball, files } = await pack(name);
  const folder = join(dirname(tarball), "consumer");
  const installed = join(folder, "node_modules", "codexkit");
  await mkdir(installed, { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "module" }));
  await run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
  return {
    folder,
    installed,
    files: files.map(({ path }) => path),
    async node(text, type) {
      const args = [`--input-type=${type}`, "--eval", text];
      return (await run(process.execPath, args, { cwd: folder, timeout: 30_000 })).stdout;
    },
  };
}
