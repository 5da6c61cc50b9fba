import { access, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { OptionError } from "../errors/option-error.js";
import type { SharedOptions } from "../transport/transport.js";

/**
 * Refuses a working directory that is not there, and one outside any git repository unless that is allowed: codex
 * accepts the first on app-server and would fail late, and checks the second on exec alone.
 */
export async function checkWorkingDirectory(directory: string, skipGitRepoCheck: boolean): Promise<void> {
  const path = resolve(directory);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) {
    const what = found === null ? "does not exist" : "is not a directory";
    throw new OptionError("WORKING_DIRECTORY_MISSING", "workingDirectory", `The working directory ${path} ${what}.`);
  }
  if (skipGitRepoCheck || (await isInGitRepository(path))) return;
  const message = `The working directory ${path} is in no git repository, so changes could not be undone; pass \`skipGitRepoCheck: true\` if that is meant.`;
  throw new OptionError("NOT_A_GIT_REPOSITORY", "workingDirectory", message);
}

async function isInGitRepository(directory: string): Promise<boolean> {
  for (let current = directory; ; current = dirname(current)) {
    const here = await access(join(current, ".git")).then(
      () => true,
      () => false,
    );
    if (here) return true;
    if (dirname(current) === current) return false;
  }
}

/** Relative paths start at the directory that the process is in now, wherever it goes later. */
export function withWholePaths<O extends SharedOptions>(options: O): O {
  const { workingDirectory, additionalDirectories } = options;
  return {
    ...options,
    ...(workingDirectory === undefined ? {} : { workingDirectory: resolve(workingDirectory) }),
    ...(additionalDirectories === undefined
      ? {}
      : { additionalDirectories: additionalDirectories.map((path) => resolve(path)) }),
  };
}
