import { expandBraces } from "./expand-braces.js";
import { globError } from "./glob-error.js";
import { parseSegment, type Segment, segmentFits, type Steps } from "./glob-segment.js";

/** A test of paths against a glob. Paths have `/` between names, and no `.`, `..` or empty names. */
export type Glob = (path: string, steps?: Steps) => boolean;

export interface GlobOptions {
  /** The option in which the caller wrote the glob, for errors. */
  readonly option: string;
  /** Names that begin with a dot match `*`, `?`, `**` and classes. Otherwise the glob must name the dot. */
  readonly dot: boolean;
}

/**
 * Compiles a glob: `*` and `?` match within one name, `**` as a whole name matches any number of names, `[a-z]` and `[!a-z]`
 * match one character, `{a,b}` are alternatives, and `\` takes the next character literally. Nothing else is special. A test
 * takes at most path length x glob length steps, for each alternative. Throws an `OptionError` for other syntax (extglobs,
 * ranges) and for a glob that could match no path.
 */
export function createGlob(glob: string, options: GlobOptions): Glob {
  if (glob.length > longestGlob) throw globError(options.option, glob, `has more than ${longestGlob} characters`);
  const patterns = expandBraces(glob, options.option).map((each) => compile(each, options));
  return (path, steps = { count: 0 }) => {
    const names = path.split("/").map((name) => Array.from(name));
    return patterns.some((pattern) => fits(pattern, names, { dot: options.dot, steps }));
  };
}

/** A path has at most 4,096 bytes, so a longer glob matches none, except with alternatives. */
const longestGlob = 4096;

/** `null` is `**`. */
type Pattern = readonly (Segment | null)[];

interface Run {
  readonly dot: boolean;
  readonly steps: Steps;
}

/**
 * The two-pointer algorithm of wildcards, over names. After a mismatch only the last `**` takes one name more, so a name is
 * compared with a segment at most once.
 */
function fits(pattern: Pattern, names: readonly (readonly string[])[], { dot, steps }: Run): boolean {
  let at = 0;
  let name = 0;
  let star: { readonly next: number; taken: number } | null = null;
  while (name < names.length) {
    const segment = pattern[at];
    if (segment === null) {
      at += 1;
      star = { next: at, taken: name };
      continue;
    }
    const candidate = names[name] ?? [];
    if (segment !== undefined && segmentFits(segment, candidate, steps)) {
      at += 1;
      name += 1;
      continue;
    }
    if (star === null || (!dot && names[star.taken]?.[0] === ".")) return false;
    star.taken += 1;
    steps.count += 1;
    at = star.next;
    name = star.taken;
  }
  return pattern.slice(at).every((segment) => segment === null);
}

function compile(glob: string, { option, dot }: GlobOptions): Pattern {
  const parts = glob.split("/");
  if (parts.slice(glob.startsWith("/") ? 1 : 0).some((part) => part === "" || part === "."))
    throw globError(option, glob, "has an empty name or `.`, and paths have none; for a folder write `folder/**`");
  return parts.map((part) => (part === "**" ? null : parseSegment(part, { option, glob, dot })));
}

/**
 * Returns, for each alternative of a glob, the folders before the first name with special characters, and the test of the
 * path below. The last name is never one of the folders.
 */
export function literalFolders(
  glob: string,
  options: GlobOptions,
): readonly { readonly folder: string; readonly rest: Glob }[] {
  return expandBraces(glob, options.option).flatMap((each) => {
    const names = each.split("/");
    const special = names.findIndex((name) => /[*?[\\]/.test(name));
    const at = Math.min(special < 0 ? names.length : special, names.length - 1);
    const folder = names.slice(0, at).join("/");
    if (folder === "") return [];
    return [{ folder, rest: createGlob(names.slice(at).join("/"), options) }];
  });
}
