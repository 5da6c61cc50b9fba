import { isAbsolute, normalize, relative, resolve, sep } from "node:path";
import picomatch from "picomatch";
import { OptionError } from "../../errors/option-error.js";
import type { FileChangeApprovalRequest } from "../approval-request.js";
import { hidden } from "./split-command.js";

export type PathTest = (request: FileChangeApprovalRequest) => boolean;

/**
 * True where every file that the patch touches fits a glob. It is for saying yes, so it is narrow: a dot file fits only a
 * glob that names the dot, and what cannot be told does not fit.
 */
export function everyPath(given: unknown): PathTest {
  const globs = readGlobs("path", given);
  const tests = globs.map((glob) => ({ absolute: isAbsolute(glob), fits: picomatch(glob, { nonegate: true }) }));
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
 * True where some file that the patch touches fits a glob. It is for saying no, so it is wide: dot files fit, case does
 * not matter, and what cannot be told fits.
 */
export function anyPath(given: unknown): PathTest {
  const globs = readGlobs("anyPath", given);
  const options = { nonegate: true, dot: true, nocase: true };
  const tests = globs.map((glob) => ({ absolute: isAbsolute(glob), fits: picomatch(glob, options) }));
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

/** Every path of the patch, the new names of files that it moves among them. */
function pathsOf({ changes }: FileChangeApprovalRequest): readonly string[] {
  return changes.flatMap(({ path, kind }) => {
    const target = kind.type === "update" ? kind.move_path : null;
    return typeof target === "string" ? [path, target] : [path];
  });
}

/** Whether it has a line end, which no `*` of a glob goes over, or what a person does not see and some file systems skip. */
function hides(path: string): boolean {
  return hidden.test(path);
}

function canPlace(path: string, absolute: boolean, directory: string | null): boolean {
  return directory !== null ? isAbsolute(directory) : absolute && isAbsolute(path);
}

/** The path as a glob sees it, without `..`, or null for one that lies outside the directory or cannot be told. */
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

function readGlobs(option: string, given: unknown): readonly string[] {
  const globs: readonly unknown[] = Array.isArray(given) ? given : [given];
  const texts = globs.filter((glob): glob is string => typeof glob === "string" && glob.trim() !== "");
  const problem =
    globs.length === 0 || texts.length < globs.length
      ? "is a glob, or a list of globs"
      : texts.some((glob) => glob.startsWith("!"))
        ? "knows no `!`: use `first` or `deny` for exceptions"
        : texts.some((glob) => glob.split(/[/\\]/).includes(".."))
          ? "has no `..`: paths are compared without them"
          : undefined;
  if (problem !== undefined) throw new OptionError("INVALID_OPTION", `match.${option}`, `\`${option}\` ${problem}.`);
  return texts.map((glob) => (glob.startsWith("./") ? glob.slice(2) : glob));
}
