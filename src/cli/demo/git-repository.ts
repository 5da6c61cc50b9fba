import { devNull } from "node:os";
import { CliError } from "../cli-error.js";
import type { CliHost } from "../cli-host.js";
import { type ProgramResult, runProgram } from "../run-program.js";

const timeoutMs = 30_000;
const author = { name: "codexkit demo", email: "demo@codexkit.invalid" };

/**
 * Turns the directory into a git repository with one commit of all its files, and returns the commit's id. It neither reads
 * nor changes the git configuration of the user. The repository's own configuration has an author for further commits.
 */
export async function commitAll(directory: string, host: CliHost): Promise<string> {
  const run = (...args: readonly string[]): Promise<ProgramResult> => git(args, directory, host);
  await run("init", "--quiet");
  await run("config", "user.name", author.name);
  await run("config", "user.email", author.email);
  await run("config", "commit.gpgSign", "false");
  await run("add", "--all");
  await run("commit", "--quiet", "--no-verify", "--message", "A project with a bug");
  return (await run("rev-parse", "HEAD")).stdout.trim();
}

/** Returns the changes since the commit `start`, including new files. */
export async function readDiff(
  directory: string,
  { start, host }: { readonly start: string; readonly host: CliHost },
): Promise<string> {
  await git(["add", "--all", "--intent-to-add"], directory, host);
  return (await git(["diff", "--no-color", "--no-ext-diff", start], directory, host)).stdout;
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
      advice: "Install git and add it to PATH: the demo creates a git repository.",
      cause,
    });
  }
}

/** The environment without the caller's repository (set by a git hook), hooks and settings. */
function gitEnvironment(env: CliHost["env"]): Record<string, string | undefined> {
  const own = Object.entries(env).filter(([name]) => !name.toUpperCase().startsWith("GIT_"));
  return {
    ...Object.fromEntries(own),
    GIT_CONFIG_GLOBAL: devNull,
    GIT_CONFIG_NOSYSTEM: "1",
  };
}
