import { lstatSync, realpathSync } from "node:fs";
import { dirname, join, parse, resolve } from "node:path";
import { systemCodeOf } from "../../internal/is-error.js";

/** The limits of common file systems, in bytes. */
const longestPath = 4096;
const longestName = 255;

/**
 * Returns the place that an absolute path leads to: the real path of its nearest existing ancestor, and the missing names
 * below. Returns `null` if the place is unknown: for a path or name over the limits of file systems, a link to a missing
 * target, a file used as a folder, a loop of links, and a folder that must not be read. `known` holds the real paths of
 * folders that were resolved for the same decision.
 */
export function realPathOf(path: string, known: Map<string, string | null>): string | null {
  if (isTooLong(path)) return null;
  const whole = resolve(path);
  const found = known.get(whole);
  if (found !== undefined) return found;
  const real = resolveLinks(whole, known);
  known.set(whole, real);
  return real;
}

/** Returns true for a path that no common file system can hold. */
export function isTooLong(path: string): boolean {
  // A UTF-16 unit takes at most three bytes, so most paths need no count of bytes.
  if (path.length > longestPath || Buffer.byteLength(path) > longestPath) return true;
  return path.length > longestName / 3 && path.split(/[/\\]/).some((name) => Buffer.byteLength(name) > longestName);
}

function resolveLinks(path: string, known: Map<string, string | null>): string | null {
  try {
    return realpathSync.native(path);
  } catch (error) {
    if (!isMissing(error)) return null;
  }
  const parent = dirname(path);
  // `lstat` finds a link whose target is missing: a write through it would create that target.
  if (parent === path || exists(path)) return null;
  const real = realPathOf(parent, known);
  return real === null ? null : join(real, parse(path).base);
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    return !isMissing(error);
  }
}

function isMissing(error: unknown): boolean {
  return systemCodeOf(error) === "ENOENT";
}
