import { createFamily } from "./descendants.js";
import { killFamily } from "./kill-family.js";
import { createProcessTable } from "./process-table.js";
import type { EnvironmentMarker } from "./process-entry.js";

/**
 * Notes every process with one of the markers in its environment, and its descendants: the remains of a thread in a living
 * app-server (`CODEX_THREAD_ID`), or of a codex that has ended (`CODEXKIT_RUN_...`). Never notes this process or one of its ancestors.
 * Does nothing on Windows, because there the environment of another process cannot be read.
 *
 * @returns a function that kills the noted processes and all that they have started meanwhile, and resolves with their number.
 * A noted process is found again after the end of its parent, even if it has emptied its environment.
 */
export async function noteByEnvironment(...markers: readonly EnvironmentMarker[]): Promise<() => Promise<number>> {
  const known = markers.filter(({ value }) => value !== "");
  if (known.length === 0) return () => Promise.resolve(0);
  const table = createProcessTable(known);
  const family = createFamily(undefined, process.pid);
  family.note(await table.list());
  return () => killFamily(family, table);
}
