import { setTimeout as delay } from "node:timers/promises";
import type { Family } from "./descendants.js";
import type { ProcessEntry, ProcessTable } from "./process-entry.js";
import { systemCodeOf } from "../../internal/is-error.js";

const firstPauseMs = 2;
const longestPauseMs = 50;
const quietScansNeeded = 2;

/**
 * Ends a family: stops every member, so that none can start another process, until a scan shows no new member; then kills
 * all, and repeats this until two scans in a row find none. Members that this process may not signal are skipped.
 *
 * @returns the number of killed processes.
 */
export async function killFamily(family: Family, table: ProcessTable, limitMs = 2_000): Promise<number> {
  const end = performance.now() + limitMs;
  const killed = new Set<string>();
  const forbidden = new Set<number>();
  const scan = async (onlyNew = false): Promise<ProcessEntry[]> =>
    family.note(await table.list({ onlyNew })).filter((entry) => !forbidden.has(entry.pid));
  const send = (entry: ProcessEntry, signal: "SIGSTOP" | "SIGKILL"): void => {
    if (table.isSame(entry) && !sendSignal(entry.pid, signal)) forbidden.add(entry.pid);
  };

  let pauseMs = firstPauseMs;
  for (let quietScans = 0; quietScans < quietScansNeeded && performance.now() < end;) {
    // After a quiet scan only a process that it did not show can be a member.
    let living = await scan(quietScans > 0);
    quietScans = living.length === 0 ? quietScans + 1 : 0;
    const stopped = new Set<number>();
    for (let fresh = living; fresh.length > 0 && performance.now() < end;) {
      for (const entry of fresh) {
        send(entry, "SIGSTOP");
        stopped.add(entry.pid);
      }
      living = await scan();
      fresh = living.filter((entry) => !stopped.has(entry.pid));
    }
    for (const entry of living) {
      send(entry, "SIGKILL");
      killed.add(`${entry.pid}:${entry.startTime}`);
    }
    if (quietScans < quietScansNeeded) await delay(pauseMs);
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
  return killed.size;
}

/** Returns false if this process may not signal the other. A process that has ended counts as signalled. */
function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return systemCodeOf(error) !== "EPERM";
  }
}
