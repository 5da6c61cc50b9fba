import { access, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { OptionError } from "../errors/option-error.js";
import type { SharedOptions, ThreadOptions } from "../transport/transport.js";

/**
 * Throws an `OptionError` if the working directory does not exist, or if it is in no git repository and `skipGitRepoCheck`
 * is not set. On app-server codex accepts a missing directory and fails late; it checks for a git repository on exec only.
 */
export async function checkWorkingDirectory({
  workingDirectory = ".",
  skipGitRepoCheck = false,
}: Pick<ThreadOptions, "workingDirectory" | "skipGitRepoCheck">): Promise<void> {
  const path = resolve(workingDirectory);
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory() !== true) {
    const what = found === null ? "does not exist" : "is not a directory";
    throw new OptionError("WORKING_DIRECTORY_MISSING", "workingDirectory", `The working directory ${path} ${what}.`);
  }
  if (skipGitRepoCheck || (await isInGitRepository(path))) return;
  const message = `The working directory ${path} is in no git repository, so changes could not be undone; pass \`skipGitRepoCheck: true\` to allow this.`;
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

/** Resolves relative paths against the current working directory of the process, which may change later. */
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
