import { existsSync, readFileSync } from "node:fs";
import nodeModule from "node:module";
import { dirname, join, resolve } from "node:path";
import { isJsonObject, parseJson } from "../../internal/json.js";
import type { TriedPlace } from "./binary-errors.js";
import { inspectExecutable } from "./executable-file.js";

/** The binary of an installed npm package, with the folders of its own helpers, such as ripgrep. */
export interface PackagedBinary {
  readonly path: string;
  readonly pathDirs: readonly string[];
}

export interface PackageSearch {
  readonly platform: NodeJS.Platform;
  readonly arch: string;
  /** Called for every place without a usable binary. */
  readonly onMiss: (tried: TriedPlace) => void;
}

/**
 * Returns the binary that npm installed for this platform. Resolves packages as `require` does from `root` (a folder, a file
 * or a `file:` URL): the platform package beside `@openai/codex`, the platform package alone, or `vendor/` in `@openai/codex`.
 */
export function findPackagedBinary(root: string, search: PackageSearch): PackagedBinary | undefined {
  const target = codexTarget(search.platform, search.arch);
  if (target === undefined) {
    search.onMiss({ place: "@openai/codex", reason: `no binary exists for ${search.platform} on ${search.arch}` });
    return undefined;
  }
  for (const folder of packageFolders(root, target, search)) {
    const found = findInPackage(folder, target, search);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The names of a platform in the npm packages of codex. */
export interface CodexTarget {
  readonly triple: string;
  readonly packageName: string;
  readonly executable: string;
}

/** Returns the target of a platform, or undefined if codex does not support it. Android runs the Linux binary. */
export function codexTarget(platform: NodeJS.Platform, arch: string): CodexTarget | undefined {
  const system = platform === "android" ? "linux" : platform;
  const cpu = arch === "x64" ? "x86_64" : arch === "arm64" ? "aarch64" : undefined;
  const vendor = { linux: "unknown-linux-musl", darwin: "apple-darwin", win32: "pc-windows-msvc" };
  if (cpu === undefined || (system !== "linux" && system !== "darwin" && system !== "win32")) return undefined;
  return {
    triple: `${cpu}-${vendor[system]}`,
    packageName: `@openai/codex-${system}-${arch}`,
    executable: system === "win32" ? "codex.exe" : "codex",
  };
}

/**
 * Returns the path of the unpacked copy for a path inside an Electron archive. The operating system cannot start a file in
 * an archive, although Electron's `fs` lists it there.
 */
export function outsideArchive(path: string): string {
  return path.replace(/\.asar(?=[\\/])/g, ".asar.unpacked");
}

function packageFolders(root: string, target: CodexTarget, search: PackageSearch): string[] {
  const main = resolvePackage(root, "@openai/codex");
  const beside = main === undefined ? undefined : resolvePackage(join(main, "package.json"), target.packageName);
  const folders = [beside, resolvePackage(root, target.packageName), main].filter((folder) => folder !== undefined);
  if (main === undefined) search.onMiss({ place: `@openai/codex from ${root}`, reason: "not installed" });
  if (main !== undefined && folders.length === 1) {
    const reason =
      "not installed (it is an optional dependency of @openai/codex: was the install run with --omit=optional?)";
    search.onMiss({ place: `${target.packageName} from ${root}`, reason });
  }
  return [...new Set(folders)];
}

function resolvePackage(root: string, name: string): string | undefined {
  try {
    const from = root.startsWith("file:") || root.endsWith("package.json") ? root : join(resolve(root), "package.json");
    // The default import, because webpack replaces an imported `createRequire` by a function of its own.
    return dirname(nodeModule.createRequire(from).resolve(`${name}/package.json`));
  } catch {
    return undefined;
  }
}

function findInPackage(folder: string, target: CodexTarget, search: PackageSearch): PackagedBinary | undefined {
  const vendor = outsideArchive(join(folder, "vendor", target.triple));
  for (const layout of [currentLayout(vendor, target), legacyLayout(vendor, target)]) {
    const verdict = inspectExecutable(layout.path, search.platform);
    if (verdict.kind === "executable") return { ...layout, pathDirs: layout.pathDirs.filter((dir) => existsSync(dir)) };
    search.onMiss({ place: layout.path, reason: verdict.reason });
  }
  return undefined;
}

/** The layout that `codex-package.json` describes. Its defaults apply if the file is missing. */
function currentLayout(vendor: string, target: CodexTarget): PackagedBinary {
  const manifest = readManifest(join(vendor, "codex-package.json"));
  return {
    path: join(vendor, inner(manifest["entrypoint"]) ?? join("bin", target.executable)),
    pathDirs: [join(vendor, inner(manifest["pathDir"]) ?? "codex-path")],
  };
}

function legacyLayout(vendor: string, target: CodexTarget): PackagedBinary {
  return { path: join(vendor, "codex", target.executable), pathDirs: [join(vendor, "path")] };
}

function readManifest(path: string): Record<string, unknown> {
  try {
    const manifest = parseJson(readFileSync(path, "utf8"));
    return isJsonObject(manifest) ? manifest : {};
  } catch {
    return {};
  }
}

/** Returns the value if it is a relative path that stays inside its folder. */
function inner(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || /^[\\/]|^[a-z]:|(^|[\\/])\.\.([\\/]|$)/i.test(value))
    return undefined;
  return value;
}
