import { devNull } from "node:os";
import { CliError } from "../cli-error.js";
import type { CliHost } from "../cli-host.js";
import { type ProgramResult, runProgram } from "../run-program.js";

const timeoutMs = 30_000;
const author = { name: "codexkit demo", email: "demo@codexkit.invalid" };

/** Makes the directory a git repository with one commit of all its files. Nobody's git configuration is read or changed. */
export async function commitAll(directory: string, host: CliHost): Promise<void> {
  await git(["init", "--quiet"], directory, host);
  await git(["add", "--all"], directory, host);
  await git(["commit", "--quiet", "--no-verify", "--message", "A project with a bug"], directory, host);
}

/** What changed since the commit, new files included. */
export async function readDiff(directory: string, host: CliHost): Promise<string> {
  await git(["add", "--all", "--intent-to-add"], directory, host);
  return (await git(["diff", "--no-color", "--no-ext-diff", "HEAD"], directory, host)).stdout;
}

async function git(args: readonly string[], cwd: string, host: CliHost): Promise<ProgramResult> {
  const result = await startGit(args, cwd, host);
  if (result.exitCode === 0) return result;
  throw new CliError("environment", `\`git ${args.join(" ")}\` failed: ${result.stderr.trim() || "it did not end"}`, {
    advice: "The demo needs a working git.",
  });
}

async function startGit(args: readonly string[], cwd: string, { env, signal }: CliHost): Promise<ProgramResult> {
  try {
    return await runProgram("git", args, { cwd, env: gitEnvironment(env), signal, timeoutMs });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new CliError("environment", `git cannot be started: ${String(cause)}`, {
      advice: "Install git, and see that it is on PATH: the demo works in a git repository of its own.",
      cause,
    });
  }
}

/** Without the caller's repository (a git hook sets it), identity, hooks and signing. */
function gitEnvironment(env: CliHost["env"]): Record<string, string | undefined> {
  const own = Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith("GIT_"));
  return {
    ...Object.fromEntries(own),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_COMMITTER_NAME: author.name,
    GIT_COMMITTER_EMAIL: author.email,
  };
}
