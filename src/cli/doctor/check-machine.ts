import { accessSync, constants, existsSync } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { CliHost } from "../cli-host.js";
import { runProgram } from "../run-program.js";
import { isTemporary } from "../scratch-folder.js";
import { homeFolder } from "./home-folder.js";
import { type Check, checkTimeoutMs, reasonOf } from "./check.js";

const minimum = { major: 20, minor: 19 } as const;

/** Checks that codexkit supports this version of Node. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const required = `${minimum.major}.${minimum.minor}`;
  const details = { version, required };
  const isEnough = major > minimum.major || (major === minimum.major && minor >= minimum.minor);
  if (isEnough) return { name: "node", status: "ok", summary: `Node ${version}.`, details };
  return {
    name: "node",
    status: "fail",
    summary: `Node ${version} is too old.`,
    advice: `Use Node ${required} or newer.`,
    details,
  };
}

/** Checks that git can be started. Agents and the demo need it, codex itself does not. */
export async function checkGit({ env, signal }: CliHost): Promise<Check> {
  const version = await runProgram("git", ["--version"], { env, signal, timeoutMs: checkTimeoutMs }).then(
    ({ exitCode, stdout }) => (exitCode === 0 ? stdout.trim().replace(/^git version /, "") : null),
    () => null,
  );
  if (version !== null) return { name: "git", status: "ok", summary: `git ${version}.`, details: { version } };
  return {
    name: "git",
    status: "warn",
    summary: "git cannot be started.",
    advice: "Install git and add it to PATH: agents use it often, and `codexkit demo` needs it.",
    details: { version: null },
  };
}

/** Checks that codex can write to the folder of its login, configuration and threads. */
export async function checkCodexHome({ env, cwd }: Pick<CliHost, "env" | "cwd">): Promise<Check> {
  const own = env["CODEX_HOME"] ?? "";
  const home = env["HOME"] !== undefined && env["HOME"] !== "" ? env["HOME"] : homeFolder();
  if (own === "" && home === null) {
    const summary = "HOME is not set, and the system knows no home folder of this user.";
    const details = { path: null, source: "default" };
    return { name: "codex-home", status: "fail", summary, advice: "Set CODEX_HOME to a writable folder.", details };
  }
  const path = own === "" ? join(home ?? "", ".codex") : resolve(cwd, own);
  const details = { path, source: own === "" ? "default" : "CODEX_HOME" };
  const problem = await findProblem(path);
  if (problem === "missing" && own === "") {
    const refusal = findRefusal(path);
    if (refusal !== null) {
      const summary = `${path} does not exist, and cannot be created: ${refusal}.`;
      return { name: "codex-home", status: "fail", summary, advice: writable, details };
    }
    const summary = `${path} does not exist yet; codex creates it.`;
    return { name: "codex-home", status: "ok", summary, details };
  }
  if (problem !== null) {
    const summary = problem === "missing" ? `CODEX_HOME is ${path}, which does not exist.` : problem;
    return { name: "codex-home", status: "fail", summary, advice: writable, details };
  }
  if (isTemporary(path)) {
    const summary = `${path} lies in the system's temporary folder, to which every command of codex can write.`;
    return { name: "codex-home", status: "warn", summary, advice: "Set CODEX_HOME to another folder.", details };
  }
  return { name: "codex-home", status: "ok", summary: `${path} is writable.`, details };
}

const writable = "Create it as a writable folder, or set CODEX_HOME to one.";

/** Returns the reason why a folder cannot be created, or null if it can be. */
function findRefusal(path: string): string | null {
  for (let parent = dirname(path); ; parent = dirname(parent)) {
    if (!existsSync(parent) && parent !== dirname(parent)) continue;
    try {
      accessSync(parent, constants.W_OK);
      return null;
    } catch (error) {
      return reasonOf(error);
    }
  }
}

/** Checks the temporary folder, in which codex's sandbox keeps a list of its mounts. */
export async function checkTemporaryFolder({ env, cwd }: Pick<CliHost, "env" | "cwd">): Promise<Check> {
  const own = env["TMPDIR"] ?? "";
  const path = process.platform === "win32" || own === "" ? tmpdir() : resolve(cwd, own);
  const problem = await findProblem(path);
  if (problem === null) {
    return { name: "tmpdir", status: "ok", summary: `${path} is writable.`, details: { path } };
  }
  const summary = problem === "missing" ? `The temporary folder ${path} does not exist.` : problem;
  const advice = "Create it as a writable folder, or set TMPDIR to one: without it codex's sandbox runs no command.";
  return { name: "tmpdir", status: "fail", summary, advice, details: { path } };
}

async function findProblem(path: string): Promise<string | null> {
  try {
    if (!(await stat(path)).isDirectory()) return `${path} is not a folder.`;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ENOENT" ? "missing" : reasonOf(error);
  }
  try {
    await rm(await mkdtemp(join(path, ".codexkit-doctor-")), { recursive: true });
    return null;
  } catch (error) {
    return `${path} is not writable: ${reasonOf(error)}`;
  }
}
