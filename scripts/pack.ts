import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { root } from "./house/read-files.js";

const run = promisify(execFile);

/** The output of `npm pack`. `files` are the paths inside the tarball, from the package's root. */
export interface PackedPackage {
  readonly tarball: string;
  readonly files: readonly { readonly path: string; readonly size: number; readonly mode: number }[];
}

/**
 * Packs the package, as for publishing, into an emptied `.tmp/<folder>`. `dist/` must be built: no script runs, so that
 * a check never rebuilds files that another one reads.
 */
export async function pack(folder: string): Promise<PackedPackage> {
  const destination = join(root, ".tmp", folder);
  await rm(destination, { recursive: true, force: true });
  await mkdir(destination, { recursive: true });
  const { stdout } = await run("npm", ["pack", "--json", "--ignore-scripts", "--pack-destination", destination], {
    cwd: root,
    maxBuffer: 64 * 1024 * 1024,
  });
  const [packed] = JSON.parse(stdout) as { filename: string; files: PackedPackage["files"] }[];
  if (packed === undefined) throw new Error(`npm pack reported no tarball: ${stdout}`);
  return { tarball: join(destination, packed.filename), files: packed.files };
}
