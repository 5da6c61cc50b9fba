import { createFamily } from "./descendants.js";
import { killFamily } from "./kill-family.js";
import { createProcessTable, type EnvironmentMarker } from "./process-table.js";

/**
 * Kills every process that carries the marker in its environment, with all that these started: what a thread left behind
 * in a living app-server (`CODEX_THREAD_ID`), or a run whose codex is gone (`CODEXKIT_RUN`). Never this process or an
 * ancestor of it. Does nothing on Windows, where the environment of another process cannot be read.
 *
 * @returns how many processes were killed.
 */
export async function sweepByEnvironment(marker: EnvironmentMarker): Promise<number> {
  if (marker.value === "") return 0;
  return killFamily(createFamily(undefined, process.pid), createProcessTable(marker));
}
