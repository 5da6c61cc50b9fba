import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A living process of a case. */
export interface Survivor {
  readonly pid: number;
  readonly commandLine: string;
  /** The place of the case's token. */
  readonly by: "environment" | "command line";
}

/** Returns every living process of the case, except this one. A zombie has neither environment nor command line. Linux only. */
export function survivorsOf(token: string): Survivor[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const commandLine = readText(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
    const inEnvironment = readText(`/proc/${name}/environ`).includes(token);
    if (!inEnvironment && !commandLine.includes(token)) return [];
    return [{ pid: Number(name), commandLine, by: inEnvironment ? "environment" : "command line" } as const];
  });
}

/** Kills the remaining processes of a case, also those forked meanwhile. */
export async function killAll(token: string): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const survivors = survivorsOf(token);
    if (survivors.length === 0) return;
    for (const { pid } of survivors) kill(pid);
    await delay(10);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
