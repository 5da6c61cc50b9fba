import { createFamily } from "./descendants.js";
import { killFamily } from "./kill-family.js";
import { createProcessTable } from "./process-table.js";
import type { EnvironmentMarker } from "./process-entry.js";

/**
 * Kills every process that carries the marker in its environment, with all that these started: what a thread left behind
 * in a living app-server (`CODEX_THREAD_ID`), or a run whose codex is gone (`CODEXKIT_RUN_...`). Never this process or an
 * ancestor of it. Does nothing on Windows, where the environment of another process cannot be read.
 *
 * @returns how many processes were killed.
 */
export async function sweepByEnvironment(marker: EnvironmentMarker): Promise<number> {
  return (await noteByEnvironment(marker))();
}

/**
 * The same in two steps: notes who is there now, and gives the function that kills these and who joined them meanwhile.
 * Who is noted is found again after its parent's end, also with an environment that it has emptied.
 */
export async function noteByEnvironment(marker: EnvironmentMarker): Promise<() => Promise<number>> {
  if (marker.value === "") return () => Promise.resolve(0);
  const table = createProcessTable(marker);
  const family = createFamily(undefined, process.pid);
  family.note(await table.list());
  return () => killFamily(family, table);
}
