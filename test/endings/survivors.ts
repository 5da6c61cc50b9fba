import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** A process of a case that lives. */
export interface Survivor {
  readonly pid: number;
  readonly commandLine: string;
  /** Where the case's token was found. */
  readonly by: "environment" | "command line";
}

/** Every living process of the case, but for ourselves. A zombie has neither environment nor command line. Linux only. */
export function survivorsOf(token: string): Survivor[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return [];
    const commandLine = readText(`/proc/${name}/cmdline`).replaceAll("\0", " ").trim();
    const inEnvironment = readText(`/proc/${name}/environ`).includes(token);
    if (!inEnvironment && !commandLine.includes(token)) return [];
    return [{ pid: Number(name), commandLine, by: inEnvironment ? "environment" : "command line" } as const];
  });
}

/** Kills whatever is left of a case, also what forks meanwhile. */
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
    // It went by itself meanwhile.
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return "";
  }
}
