import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./read-files.js";

/** The fields of package.json that the checks of this repository read. */
export interface PackageManifest {
  readonly name: string;
  readonly version: string;
  readonly repository: { readonly url: string };
  readonly files: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly bin: Readonly<Record<string, string>>;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

export async function readManifest(): Promise<PackageManifest> {
  return JSON.parse(await readFile(join(root, "package.json"), "utf8")) as PackageManifest;
}

/** The published files: the entries of `files` in package.json, and the address of their source. */
export interface Published {
  readonly files: readonly string[];
  /** The address of the repository, without a slash at its end. */
  readonly source: string;
}

export async function readPublished(): Promise<Published> {
  const { files, repository } = await readManifest();
  return { files, source: repository.url.replace(/^git\+|\.git$/g, "") };
}

/** Whether the package contains a file or folder, given by its path from the root. The last entry that fits decides. */
export function isPublished(path: string, { files }: Published): boolean {
  const isInside = (entry: string): boolean => path === entry || path.startsWith(`${entry}/`);
  const entry = [...files].reverse().find((each) => isInside(each.replace(/^!/, "")));
  return entry !== undefined && !entry.startsWith("!");
}

/** Returns the files of `src/`, such as `protocol/index.ts`, from which the exports of package.json are built. */
export function publicEntries(manifest: PackageManifest): string[] {
  return Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : [target.default.replace("./dist/", "").replace(/\.js$/, ".ts")],
  );
}

/** Returns the declaration files of the entry points, as absolute paths. */
export function publicDeclarations(manifest: PackageManifest): string[] {
  return Object.values(manifest.exports).flatMap((target) =>
    typeof target === "string" ? [] : [join(root, target.types)],
  );
}
