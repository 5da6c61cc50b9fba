import { dirname, join, relative, resolve, sep } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { root } from "../house/read-files.js";

/** Files of `src/`, by their path there. */
export interface BundleOptions {
  /** The entry points of the package. Code that several of them use is in chunks, so that a class exists once. */
  readonly entries: readonly string[];
  /** Files that are started by their path. */
  readonly programs: readonly string[];
  /** Programs that import the entry points like any user. */
  readonly commands: readonly string[];
}

/** Writes the JavaScript of `dist/`, readable and with dependencies as imports. */
export async function bundle({ entries, programs, commands }: BundleOptions): Promise<void> {
  await build({ ...settings, entryPoints: entries.map(inSource), splitting: true, chunkNames: "chunks/[name]-[hash]" });
  await build({ ...settings, entryPoints: programs.map(inSource) });
  for (const command of commands) {
    await build({ ...settings, entryPoints: [inSource(command)], plugins: [importEntries(entries, dirname(command))] });
  }
}

const settings = {
  absWorkingDir: root,
  outbase: "src",
  outdir: "dist",
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  logLevel: "warning",
} as const satisfies BuildOptions;

function inSource(file: string): string {
  return `src/${file}`;
}

/** Keeps imports of the entry points as imports, relative to a file in `folder` of `dist/`. */
function importEntries(entries: readonly string[], folder: string): Plugin {
  const byPlace = new Map(entries.map((file) => [join(root, "src", file), file.replace(/\.ts$/, ".js")]));
  return {
    name: "import-entries",
    setup(bundling) {
      bundling.onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
        const entry = byPlace.get(resolve(resolveDir, path).replace(/\.js$/, ".ts"));
        if (entry === undefined) return undefined;
        const specifier = relative(folder, entry).replaceAll(sep, "/");
        return { path: specifier.startsWith(".") ? specifier : `./${specifier}`, external: true };
      });
    },
  };
}
