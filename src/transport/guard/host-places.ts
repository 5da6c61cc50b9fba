import { platform } from "node:os";
import { delimiter, dirname, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { ownPlace } from "../../internal/own-place.js";
import { windowsVariable } from "../../process/locate/search-path.js";
import type { ThreadOptions } from "../options/options.js";
import { isInside, placesOf } from "./real-paths.js";
import { hostDirectory } from "../../internal/host-directory.js";
import { codexHomeOf, homeOf } from "./user-config.js";
import { writableRootAround } from "./writable-roots.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns PATH of an environment. */
export function pathOf(env: Environment): string | undefined {
  return platform() === "win32" ? windowsVariable(env, "PATH") : env["PATH"];
}

/**
 * Returns PATH without the folders that lie in one of these, and without relative ones, which lie in the working directory of
 * each program. Codex starts git outside the sandbox, so their programs would run there.
 */
export function safePath(path: string, roots: readonly string[]): string {
  const folders = path.split(delimiter);
  const safe = folders.filter((folder) => isAbsolute(folder) && writableRootAround(folder, roots) === null);
  return safe.length > 0 || platform() === "win32" ? safe.join(delimiter) : noFolder;
}

/** An empty PATH would mean the working directory. */
const noFolder = "/dev/null";

/**
 * Returns the working directory of a thread without `trustProject`: its repository could bring programs for PATH. The home
 * folder and those above it are none, because the user's own programs lie there.
 */
export function untrustedFoldersOf(options: ThreadOptions, env: Environment): readonly string[] {
  if (options.trustProject === true || options.sandboxMode === "danger-full-access") return [];
  const directory = options.workingDirectory ?? hostDirectory();
  if (directory === null) return [];
  const folders = placesOf(directory);
  const home = placesOf(homeOf(env));
  return folders.some((folder) => home.some((place) => isInside(place, folder))) ? [] : folders;
}

/**
 * Returns a sentence for each place outside the sandbox that commands could change: folders on PATH, HOME, CODEX_HOME and
 * this package. `running` is the PATH of the codex that already runs, or null.
 */
export function describeWritablePlaces(
  env: Environment,
  roots: readonly string[],
  running: string | null,
): readonly string[] {
  if (roots.length === 0) return [];
  const path = pathOf(env)?.split(delimiter) ?? [];
  const places = [
    ...path
      .filter(isAbsolute)
      .map((folder) => ({ name: "The folder on PATH", folder, effect: pathEffect(folder, running) })),
    { name: "HOME", folder: homeOf(env), effect: "they can change the start files of shells and git's configuration" },
    { name: "CODEX_HOME", folder: codexHomeOf(env), effect: "they can change codex's configuration and its rules" },
    { name: "The package codexkit in", folder: ownFolder(), effect: "they can change the host program" },
  ];
  return places.flatMap(({ name, folder, effect }) => {
    const root = folder === null ? null : writableRootAround(folder, roots);
    if (root === null || folder === null) return [];
    return [`${name} ${folder} lies in ${root}, which the sandbox allows the agent's commands to write to: ${effect}.`];
  });
}

/** Returns a sentence for each folder on PATH that lies in a folder whose repository is not trusted. */
export function describeUntrustedPlaces(
  env: Environment,
  folders: readonly string[],
  running: string | null,
): readonly string[] {
  const path = folders.length === 0 ? [] : (pathOf(env)?.split(delimiter) ?? []);
  return path
    .filter((folder) => isAbsolute(folder) && placesOf(folder).some((place) => isInsideOne(place, folders)))
    .map(
      (folder) =>
        `The folder on PATH ${folder} lies in the working directory, whose repository this thread does not trust: ${pathEffect(folder, running)}.`,
    );
}

function isInsideOne(place: string, folders: readonly string[]): boolean {
  return folders.some((folder) => isInside(place, folder));
}

function pathEffect(folder: string, running: string | null): string {
  return running?.split(delimiter).includes(folder) === true
    ? "codex already runs with it, so only the shells of this thread run without it"
    : "codex runs without it";
}

function ownFolder(): string | null {
  try {
    const own = ownPlace();
    return own === undefined ? null : dirname(fileURLToPath(own));
  } catch {
    return null; // A bundle may have an address that is no file.
  }
}
