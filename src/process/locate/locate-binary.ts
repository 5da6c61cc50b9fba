import { readFileSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { resolveOption } from "../../internal/host-directory.js";
import { ownPlace } from "../../internal/own-place.js";
import { BinaryNotExecutableError, BinaryNotFoundError, type TriedPlace } from "./binary-errors.js";
import { findPackagedBinary, outsideArchive } from "./codex-package.js";
import { inspectExecutable, isNodeScript } from "./executable-file.js";
import { isBatchFile, pathCandidates, shimTarget } from "./search-path.js";

export interface LocateBinaryOptions {
  /** A path, absolute or relative to the current folder, or a bare name, which is searched on PATH. */
  readonly codexPathOverride?: string | undefined;
  /** The environment that contains `CODEX_PATH` and `PATH`. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform?: NodeJS.Platform | undefined;
  readonly arch?: string | undefined;
  /** Folders, files or `file:` URLs from which `@openai/codex` is resolved, after codexkit's own location. */
  readonly packageRoots?: readonly string[] | undefined;
}

export interface LocatedBinary {
  /** The file that was found. */
  readonly path: string;
  /** The program to start: `path`, or Node if the file is a script. */
  readonly command: string;
  /** Arguments to pass before codex's own: the script if `command` is Node, else none. */
  readonly args: readonly string[];
  readonly source: "option" | "CODEX_PATH" | "package" | "PATH";
  /** Folders to prepend to PATH: those of the npm package's helpers if its binary is used. */
  readonly pathDirs: readonly string[];
}

/**
 * Finds the codex binary: the option, `CODEX_PATH`, the npm package, PATH. An explicit name never falls back to the next
 * place. npm's launcher script and its `.cmd` shims are resolved to the native binary, so that a signal reaches codex itself
 * and no shell is needed.
 *
 * @throws BinaryNotFoundError - no place has a binary; `tried` lists each place with the reason.
 * @throws BinaryNotExecutableError - the configured file is a directory, not executable, or a batch file other than npm's shim.
 */
export function locateBinary(options: LocateBinaryOptions): LocatedBinary {
  const search = createSearch(options);
  const { codexPathOverride, env } = options;
  if (codexPathOverride !== undefined) return search.named(codexPathOverride, "option");
  if (env["CODEX_PATH"] !== undefined && env["CODEX_PATH"] !== "") return search.named(env["CODEX_PATH"], "CODEX_PATH");
  const found = search.inPackages() ?? search.onPath("codex", "PATH");
  if (found === undefined) throw new BinaryNotFoundError(search.tried);
  return found;
}

type Source = LocatedBinary["source"];

function createSearch(options: LocateBinaryOptions) {
  const { env, platform = process.platform, arch = process.arch, packageRoots = [] } = options;
  const tried: TriedPlace[] = [];
  const onMiss = (place: TriedPlace): number => tried.push(place);

  function named(name: string, source: Source): LocatedBinary {
    const label = source === "option" ? "codexPathOverride" : source;
    if (name !== "" && !/[\\/]/.test(name)) {
      const found = onPath(name, source);
      if (found === undefined)
        throw new BinaryNotFoundError([{ place: `${label} (${name})`, reason: "not on PATH" }, ...tried]);
      return found;
    }
    const path = outsideArchive(resolveOption(label, name));
    const verdict = name === "" ? missingName : inspectExecutable(path, platform);
    if (verdict.kind === "missing")
      throw new BinaryNotFoundError([{ place: `${label} (${path})`, reason: verdict.reason }]);
    if (verdict.kind === "unusable") throw new BinaryNotExecutableError(path, verdict.reason);
    const found = toStartable(path, source);
    if (found === undefined) throw new BinaryNotExecutableError(path, batchFileReason);
    return found;
  }

  function inPackages(): LocatedBinary | undefined {
    const roots = [ownPlace(), ...packageRoots].filter((root) => root !== undefined);
    for (const root of new Set(roots)) {
      const found = findPackagedBinary(root, { platform, arch, onMiss });
      if (found !== undefined) return { ...found, command: found.path, args: [], source: "package" };
    }
    return undefined;
  }

  function onPath(name: string, source: Source): LocatedBinary | undefined {
    const candidates = pathCandidates(name, { env, platform });
    let looked = false;
    for (const path of candidates) {
      const verdict = inspectExecutable(path, platform);
      if (verdict.kind === "missing") continue;
      looked = true;
      const found = verdict.kind === "executable" ? toStartable(path, source) : undefined;
      if (found !== undefined) return found;
      onMiss({ place: path, reason: verdict.kind === "unusable" ? verdict.reason : batchFileReason });
    }
    if (!looked)
      onMiss({
        place: `PATH (${new Set(candidates.map((path) => dirname(path))).size} folders)`,
        reason: `no ${name} in any`,
      });
    return undefined;
  }

  /** Returns the native binary behind a launcher if it can be found, else the command that starts the launcher without a shell. */
  function toStartable(path: string, source: Source): LocatedBinary | undefined {
    const script = isBatchFile(path) ? behindShim(path) : isNodeScript(realpath(path)) ? realpath(path) : path;
    if (script === undefined) return undefined;
    if (!isNodeScript(script)) return { path: script, command: script, args: [], source, pathDirs: [] };
    const native = basename(script) === "codex.js" ? findPackagedBinary(script, { platform, arch, onMiss }) : undefined;
    if (native !== undefined) return { ...native, command: native.path, args: [], source };
    return { path: script, command: process.execPath, args: [script], source, pathDirs: [] };
  }

  return { tried, named, inPackages, onPath };
}

const missingName = { kind: "missing", reason: "it is an empty string" } as const;
const batchFileReason = "it is a batch file other than npm's shim, and starting it would need a shell";

function behindShim(path: string): string | undefined {
  try {
    const target = shimTarget(readFileSync(path, "utf8"));
    return target === undefined ? undefined : realpath(join(dirname(path), target));
  } catch {
    return undefined;
  }
}

function realpath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
