import { existsSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { OptionError } from "../errors/option-error.js";
import { resolveOption } from "../internal/host-directory.js";
import type { SharedOptions, ThreadOptions } from "../transport/transport.js";

/**
 * Throws an `OptionError` if the working directory does not exist, or if it is in no git repository and `skipGitRepoCheck`
 * is not set. On app-server codex accepts a missing directory and fails late; it checks for a git repository on exec only.
 * Synchronous: each turn calls this, and a look at a folder costs less than a task of the thread pool.
 */
export function checkWorkingDirectory({
  workingDirectory = ".",
  skipGitRepoCheck = false,
}: Pick<ThreadOptions, "workingDirectory" | "skipGitRepoCheck">): void {
  const path = resolveOption("workingDirectory", workingDirectory);
  // The usual case: the root of a repository. A path with entries below it is a directory.
  if (existsSync(join(path, ".git"))) return;
  const found = statOf(path);
  if (found?.isDirectory() !== true) {
    const what = found === undefined ? "does not exist" : "is not a directory";
    throw new OptionError("WORKING_DIRECTORY_MISSING", "workingDirectory", `The working directory ${path} ${what}.`);
  }
  if (skipGitRepoCheck || isInGitRepository(path)) return;
  const message = `The working directory ${path} is in no git repository, so changes could not be undone; pass \`skipGitRepoCheck: true\` to allow this.`;
  throw new OptionError("NOT_A_GIT_REPOSITORY", "workingDirectory", message);
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined; // A part of the path is a file, or must not be read.
  }
}

function isInGitRepository(directory: string): boolean {
  for (let current = directory; ; current = dirname(current)) {
    if (existsSync(join(current, ".git"))) return true;
    if (dirname(current) === current) return false;
  }
}

/** Resolves relative paths against the current working directory of the process, which may change later. */
export function withWholePaths<O extends SharedOptions>(options: O): O {
  const { workingDirectory, additionalDirectories } = options;
  return {
    ...options,
    ...(workingDirectory === undefined
      ? {}
      : { workingDirectory: resolveOption("workingDirectory", workingDirectory) }),
    ...(additionalDirectories === undefined
      ? {}
      : { additionalDirectories: additionalDirectories.map((path) => resolveOption("additionalDirectories", path)) }),
  };
}
