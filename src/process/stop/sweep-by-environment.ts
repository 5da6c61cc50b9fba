import { createFamily } from "./descendants.js";
import { killFamily } from "./kill-family.js";
import { createProcessTable } from "./process-table.js";
import type { EnvironmentMarker } from "./process-entry.js";

/**
 * Kills every process with the marker in its environment, and its descendants: the remains of a thread in a living app-server
 * (`CODEX_THREAD_ID`), or of a codex that has ended (`CODEXKIT_RUN_...`). Never kills this process or one of its ancestors.
 * Does nothing on Windows, because there the environment of another process cannot be read.
 *
 * @returns the number of killed processes.
 */
export async function sweepByEnvironment(marker: EnvironmentMarker): Promise<number> {
  return (await noteByEnvironment(marker))();
}

/**
 * Does the same in two steps: notes the processes that exist now, and returns a function that kills these and all that they
 * have started meanwhile. A noted process is found again after the end of its parent, even if it has emptied its environment.
 */
export async function noteByEnvironment(marker: EnvironmentMarker): Promise<() => Promise<number>> {
  if (marker.value === "") return () => Promise.resolve(0);
  const table = createProcessTable(marker);
  const family = createFamily(undefined, process.pid);
  family.note(await table.list());
  return () => killFamily(family, table);
}
