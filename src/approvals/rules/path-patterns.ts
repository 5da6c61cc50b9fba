import { isAbsolute, normalize, relative, resolve, sep } from "node:path";
import { OptionError } from "../../errors/option-error.js";
import type { FileChangeApprovalRequest } from "../approval-request.js";
import { createGlob } from "./glob.js";
import { hidden } from "./split-command.js";

type PathTest = (request: FileChangeApprovalRequest) => boolean;

/**
 * Tests whether every file of the patch matches a glob. It is for `allow` and therefore narrow: a dot file matches only a
 * glob that names the dot, and a path that cannot be resolved does not match.
 */
export function everyPath(value: unknown): PathTest {
  const globs = readGlobs("path", value);
  const tests = globs.map((glob) => ({ absolute: isAbsolute(glob), fits: createGlob(glob, { nonegate: true }) }));
  return (request) => {
    const paths = pathsOf(request);
    if (paths.length === 0 || paths.some(hides) || request.grantRoot !== null) return false;
    return paths.every((path) =>
      tests.some(({ absolute, fits }) => {
        const place = placeOf(path, absolute, request.workingDirectory);
        return place !== null && fits(place);
      }),
    );
  };
}

/**
 * Tests whether at least one file of the patch matches a glob. It is for `deny` and therefore wide: dot files match, case is
 * ignored, and a path that cannot be resolved matches.
 */
export function anyPath(value: unknown): PathTest {
  const globs = readGlobs("anyPath", value);
  const options = { nonegate: true, dot: true, nocase: true };
  const tests = globs.map((glob) => ({ absolute: isAbsolute(glob), fits: createGlob(glob, options) }));
  return (request) => {
    const paths = pathsOf(request);
    if (paths.length === 0 || paths.some(hides)) return true;
    return paths.some((path) =>
      tests.some(({ absolute, fits }) => {
        if (!canPlace(path, absolute, request.workingDirectory)) return true;
        const place = placeOf(path, absolute, request.workingDirectory);
        return place !== null && fits(place);
      }),
    );
  };
}

/** Returns every path of the patch, including the new paths of moved files. */
function pathsOf({ changes }: FileChangeApprovalRequest): readonly string[] {
  return changes.flatMap(({ path, kind }) => {
    const target = kind.type === "update" ? kind.move_path : null;
    return typeof target === "string" ? [path, target] : [path];
  });
}

/** Returns true for a path with a line end, which no `*` matches, or with invisible characters, which some file systems ignore. */
function hides(path: string): boolean {
  return hidden.test(path);
}

function canPlace(path: string, absolute: boolean, directory: string | null): boolean {
  return directory !== null ? isAbsolute(directory) : absolute && isAbsolute(path);
}

/** Returns the path in the form for globs, without `..`; `null` if it is outside the directory or cannot be resolved. */
function placeOf(path: string, absolute: boolean, directory: string | null): string | null {
  if (path === "" || !canPlace(path, absolute, directory)) return null;
  const whole = directory === null ? normalize(path) : resolve(directory, path);
  if (absolute || directory === null) return slashed(whole);
  const inside = relative(directory, whole);
  return inside === "" || inside === ".." || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    ? null
    : slashed(inside);
}

function slashed(path: string): string {
  return path.split(sep).join("/");
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
          : undefined;
  if (problem !== undefined) throw new OptionError("INVALID_OPTION", `match.${option}`, `\`${option}\` ${problem}.`);
  return texts.map((glob) => (glob.startsWith("./") ? glob.slice(2) : glob));
}
