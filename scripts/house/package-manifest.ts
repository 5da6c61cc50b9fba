import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./read-files.js";

/** What this repository's checks read of package.json. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export async function readManifest(): Promise<PackageManifest> {
  return JSON.parse(await readFile(join(root, "package.json"), "utf8")) as PackageManifest;
}

/** Files of `src/`, as in `protocol/index.ts`, that the exports of package.json are built from. */
export function publicEntries(manifest: PackageManifest): string[] {
  return Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : [target.default.replace("./dist/", "").replace(/\.js$/, ".ts")],
  );
}

/** The declaration files of the entry points, as absolute paths. */
export function publicDeclarations(manifest: PackageManifest): string[] {
  return Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : [join(root, target.types)],
  );
}
