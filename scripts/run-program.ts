import { spawn } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./house/read-files.js";

const timeoutSeconds = 60;

export interface ProgramResult {
  /** Null where the program ended with code 0 in time; else what went wrong. */
  readonly problem: string | null;
  readonly output: string;
}

/** An emptied directory for one program: its home, with its CODEX_HOME and its working directory inside. */
export async function makeProgramHome(name: string): Promise<string> {
  const home = join(root, ".tmp", "programs", name);
  await rm(home, { recursive: true, force: true });
  await Promise.all(["work", ".codex", "tmp"].map((folder) => mkdir(join(home, folder), { recursive: true })));
  return home;
}

/**
 * Runs a TypeScript program as a user would, but with a home and a CODEX_HOME of its own, so that nobody's login or settings
 * are read or written. It is killed when it is still running after a minute.
 */
export async function runProgram(
  program: string,
  home: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  const child = spawn(process.execPath, [join(root, "node_modules", "tsx", "dist", "cli.mjs"), program], {
    cwd: join(home, "work"),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, HOME: home, TMPDIR: join(home, "tmp"), CODEX_HOME: join(home, ".codex"), ...env },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const problem = await new Promise<string | null>((resolve) => {
    const timer = setTimeout(() => {
      if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      resolve(`still running after ${timeoutSeconds} s`);
    }, timeoutSeconds * 1000);
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      resolve(code === 0 ? null : `ended with ${signal ?? `exit code ${code ?? "?"}`}`);
    });
  });
  return { problem, output: Buffer.concat(chunks).toString("utf8") };
}
