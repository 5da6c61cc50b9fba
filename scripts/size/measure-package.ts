import { execFile } from "node:child_process";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { root } from "../house/read-files.js";
import type { PackedPackage } from "../pack.js";
import type { Measure } from "./limits.js";

/** Measures the size of the package, packed, unpacked and imported. */
export async function measurePackage({ tarball, files }: PackedPackage): Promise<Record<Measure, number>> {
  const loaded = await loadedModules();
  const sizes = await Promise.all(loaded.map(async (file) => (await readFile(file)).length));
  return {
    "bytes of the tarball": (await stat(tarball)).size,
    "bytes of the package unpacked": sum(files.map(({ size }) => size)),
    "files in the package": files.length,
    'bytes of JavaScript read by `import "codexkit"`': sum(sizes),
    'modules read by `import "codexkit"`': loaded.length,
  };
}

/** Returns the files that Node reads for the main entry point, including dependencies. */
async function loadedModules(): Promise<string[]> {
  const program = `
    import { register } from "node:module";
    register(${JSON.stringify(new URL("log-loads.mjs", import.meta.url).href)});
    await import(${JSON.stringify(join(root, "dist/index.js"))});`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program]);
  return stdout
    .split("\n")
    .filter(Boolean)
    .map((url) => fileURLToPath(url));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
