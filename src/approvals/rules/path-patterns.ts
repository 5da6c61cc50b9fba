import { isAbsolute, join, relative, resolve, sep } from "node:path";
import { OptionError } from "../../errors/option-error.js";
import type { FileChangeApprovalRequest } from "../../protocol/events/approval-request.js";
import { createGlob, type Glob, literalFolders } from "./glob.js";
import { globError } from "./glob-error.js";
import { isTooLong, realPathOf } from "./real-path.js";
import { hidden } from "./split-command.js";

type PathTest = (request: FileChangeApprovalRequest) => boolean;

/**
 * Tests whether every file of the patch matches a glob, both by its own path and by the real path behind links. It is for
 * `allow` and therefore narrow: a dot file matches only a glob that names the dot, and an unknown path does not match.
 */
export function everyPath(value: unknown): PathTest {
  const globs = readGlobs("path", value);
  for (const glob of globs) refuseLinkedBase(glob);
  const tests = globs.map((glob) => ({ ...place(glob), fits: createGlob(glob, { option: "match.path", dot: false }) }));
  return (request) => {
    const paths = pathsOf(request);
    if (paths.length === 0 || request.grantRoot !== null) return false;
    const known: RealPaths = new Map();
    return paths.every((path) => {
      const found = placesOf(path, request.workingDirectory, known);
      if (found === null) return false;
      const { given, real } = found;
      return [given, real].every((form) => tests.some(({ absolute, fits }) => fitsForm(form, absolute, fits)));
    });
  };
}

/**
 * Tests whether at least one file of the patch matches a glob, by its own path or by the real path behind links. It is for
 * `deny` and therefore wide: dot files match, case is ignored, and an unknown path matches.
 */
export function anyPath(value: unknown): PathTest {
  const tests = readGlobs("anyPath", value).map((glob) => {
    const options = { option: "match.anyPath", dot: true };
    const fits = createGlob(fold(glob), options);
    const folders = literalFolders(glob, options);
    return { ...place(glob), folders, fits: (path: string) => fits(fold(path)) };
  });
  return (request) => {
    const paths = pathsOf(request);
    if (paths.length === 0 || request.grantRoot !== null) return true;
    const known: RealPaths = new Map();
    const { workingDirectory } = request;
    return paths.some((path) => {
      const found = placesOf(path, workingDirectory, known);
      if (found === null) return true;
      const { given, real } = found;
      return tests.some(({ absolute, fits, folders }) => {
        if (!absolute && workingDirectory === null) return true;
        if ([given, real].some((form) => fitsForm(form, absolute, fits))) return true;
        return folders.some(({ folder, rest }) => {
          // The glob itself may lead through a link: `.github/**`, and `.github` is a link to `ci`.
          const base = realPathOf(resolve(workingDirectory ?? "/", folder), known);
          const below = base === null ? null : inside(base, real.path);
          return below !== null && fold(below) !== "" && rest(fold(below));
        });
      });
    });
  };
}

type RealPaths = Map<string, string | null>;

interface Form {
  readonly path: string;
  /** The thread's directory in the same form, or `null`. */
  readonly directory: string | null;
}

/** Returns the given form and the real form of the path. Returns `null` for an unknown path. */
function placesOf(
  path: string,
  directory: string | null,
  known: RealPaths,
): { readonly given: Form; readonly real: Form } | null {
  if (path === "" || isTooLong(path) || hides(path) || path.split(/[/\\]/).includes("..")) return null;
  if (directory === null ? !isAbsolute(path) : !isAbsolute(directory)) return null;
  const whole = directory === null ? path : resolve(directory, path);
  const real = realPathOf(whole, known);
  const realDirectory = directory === null ? null : realPathOf(directory, known);
  if (real === null || hides(real) || (directory !== null && realDirectory === null)) return null;
  return { given: { path: join(whole), directory }, real: { path: real, directory: realDirectory } };
}

function fitsForm({ path, directory }: Form, absolute: boolean, fits: Glob): boolean {
  if (absolute) return fits(slashed(path));
  const below = directory === null ? null : inside(directory, path);
  return below !== null && below !== "" && fits(below);
}

/** Returns the path below the directory, with `/` between names; `null` if it is outside. */
function inside(directory: string, path: string): string | null {
  const below = relative(directory, path);
  return below === ".." || below.startsWith(`..${sep}`) || isAbsolute(below) ? null : slashed(below);
}

/** Returns every path of the patch, including the new paths of moved files. */
function pathsOf({ changes }: FileChangeApprovalRequest): readonly string[] {
  return changes.flatMap(({ path, kind }) => {
    const target = kind.type === "update" ? kind.move_path : null;
    return typeof target === "string" ? [path, target] : [path];
  });
}

/** Returns true for a path with a line end or invisible characters, which some file systems ignore. */
function hides(path: string): boolean {
  return hidden.test(path);
}

/** Equal for names that a file system without regard to case or composition takes as one. */
function fold(text: string): string {
  return text.normalize("NFC").toUpperCase().toLowerCase();
}

function slashed(path: string): string {
  return path.split(sep).join("/");
}

function place(glob: string): { readonly absolute: boolean } {
  return { absolute: isAbsolute(glob) };
}

/** Real paths have no links, so an absolute glob whose folder is a link matches none. */
function refuseLinkedBase(glob: string): void {
  if (!isAbsolute(glob)) return;
  for (const { folder } of literalFolders(glob, { option: "match.path", dot: false })) {
    const real = realPathOf(folder, new Map());
    if (real !== null && real !== join(folder))
      throw globError("match.path", glob, `begins with a link and would match nothing; write its real path ${real}`);
  }
}

function readGlobs(option: string, value: unknown): readonly string[] {
  const globs: readonly unknown[] = Array.isArray(value) ? value : [value];
  const texts = globs.filter((glob): glob is string => typeof glob === "string" && glob.trim() !== "");
  const problem =
    globs.length === 0 || texts.length < globs.length
      ? "must be a glob, or a list of globs"
      : texts.some((glob) => glob.startsWith("!"))
        ? "must not contain `!`: use `first` or `deny` for exceptions"
        : texts.some((glob) => glob.split(/[/\\]/).includes(".."))
          ? "must not contain `..`: paths are compared without them"
          : texts.some((glob) => glob.startsWith("~"))
            ? "must not begin with `~`, which is not expanded: write the whole path"
            : texts.some((glob) => hidden.test(glob))
              ? "must not contain invisible characters: no path with them matches"
              : undefined;
  if (problem !== undefined) throw new OptionError("INVALID_OPTION", `match.${option}`, `\`${option}\` ${problem}.`);
  return texts.map((glob) => (glob.startsWith("./") ? glob.slice(2) : glob));
}
