import { platform } from "node:os";
import { delimiter, dirname, isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { ownPlace } from "../../internal/own-place.js";
import { windowsVariable } from "../../process/locate/search-path.js";
import { codexHomeOf, homeOf } from "./user-config.js";
import { writableRootAround } from "./writable-roots.js";

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns PATH of an environment. */
export function pathOf(env: Environment): string | undefined {
  return platform() === "win32" ? windowsVariable(env, "PATH") : env["PATH"];
}

/** Returns PATH without the folders that commands may write to. A relative folder depends on the working directory, which is one. */
export function safePath(path: string, roots: readonly string[]): string {
  if (roots.length === 0) return path;
  const folders = path.split(delimiter);
  return folders.filter((folder) => isAbsolute(folder) && writableRootAround(folder, roots) === null).join(delimiter);
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
