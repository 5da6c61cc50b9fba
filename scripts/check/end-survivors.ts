import { setTimeout as delay } from "node:timers/promises";
import { findSurvivors, type Suite, type Survivor } from "./find-survivors.js";
import { listProcesses, readProcess } from "./process-list.js";

/** Milliseconds that processes of a gate may take to end after it. */
const graceMs = 3_000;
const pauseMs = 100;

/** True if this machine shows its processes and their environments. */
export const canFindSurvivors = process.platform === "linux";

/**
 * Kills the processes that a gate, or without a gate the whole suite, has left behind.
 *
 * @returns one line for each: its pid, what started it, its command line.
 */
export async function endSurvivors(suite: Suite, gate?: string): Promise<string[]> {
  if (!canFindSurvivors) return [];
  const end = performance.now() + graceMs;
  let survivors = findSurvivors(listProcesses(), suite, { gate });
  while (survivors.length > 0 && performance.now() < end) {
    await delay(pauseMs);
    survivors = findSurvivors(listProcesses(), suite, { gate });
  }
  for (const survivor of survivors) kill(survivor);
  return survivors.map(describe);
}

function kill({ pid, startTicks }: Survivor): void {
  if (readProcess(pid)?.startTicks !== startTicks) return;
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended, or another user owns it.
  }
}

function describe({ pid, gate, commandLine, workingDirectory }: Survivor): string {
  const origin = gate === null ? `orphan in ${workingDirectory ?? "?"}` : `started by ${gate}`;
  return `survivor: pid ${pid} (${origin}): ${commandLine || "[no command line]"}`;
}
