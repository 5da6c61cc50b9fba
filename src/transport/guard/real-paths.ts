import { readlinkSync, realpathSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";

/** The number of links that the system follows in one path. */
const maxLinks = 40;

/**
 * Returns every place that decides where a path leads: the path as given, its real place, and the target of each link between
 * them. A program that can write to one of them can replace the file. A missing file has the place that it would be created in.
 */
export function placesOf(path: string): readonly string[] {
  const places = new Set<string>();
  let current = resolve(path);
  for (let links = 0; links < maxLinks; links += 1) {
    places.add(current);
    const place = join(realFolder(dirname(current)), basename(current));
    places.add(place);
    const target = linkTarget(place);
    if (target === null) break;
    current = resolve(dirname(place), target);
  }
  return [...places];
}

/** Returns the real path of a folder, or of its nearest ancestor that exists, with the missing names below. */
export function realFolder(path: string): string {
  const whole = resolve(path);
  try {
    return realpathSync(whole);
  } catch {
    const parent = dirname(whole);
    return parent === whole ? whole : join(realFolder(parent), basename(whole));
  }
}

/** Returns the folder and all its ancestors, the folder first. */
export function ancestorsOf(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestorsOf(parent)];
}

/** Whether the path is the folder or lies in it. Both are absolute and without links. */
export function isInside(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
