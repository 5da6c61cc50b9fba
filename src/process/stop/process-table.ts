import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createLinuxProcessTable, startTimeOf } from "./linux-process-table.js";
import { parsePsEnvironment, parsePsProcesses, psEnvironmentArgs, psProcessArgs } from "./ps-output.js";
import type { ProcessTable, EnvironmentMarker } from "./process-entry.js";

export interface TableOptions {
  /** The start of the first process with the marker, if it is known: older ones are not searched for the marker. */
  readonly since?: string | null | undefined;
  readonly platform?: NodeJS.Platform | undefined;
}

/** Lists the processes of this machine: from `/proc` on Linux, from `ps` on macOS. Lists none on Windows, which has `taskkill`. */
export function createProcessTable(
  markers: readonly EnvironmentMarker[],
  { since = null, platform = process.platform }: TableOptions = {},
): ProcessTable {
  if (isLinux(platform)) return createLinuxProcessTable(markers, since);
  if (platform === "win32") return { list: () => Promise.resolve([]), isSame: () => false };
  return createPsProcessTable(markers);
}

/** Returns the start of a process, for `since`. Returns null on a system without `/proc`. */
export function startOf(pid: number): string | null {
  return isLinux(process.platform) ? startTimeOf(pid) : null;
}

function isLinux(platform: NodeJS.Platform): boolean {
  return platform === "linux" || platform === "android";
}

const run = promisify(execFile);

/** Not verified on a Mac. */
function createPsProcessTable(markers: readonly EnvironmentMarker[]): ProcessTable {
  const ps = async (args: readonly string[]): Promise<string> => {
    const { stdout } = await run("/bin/ps", args, {
      maxBuffer: 64 * 1024 * 1024,
      env: { LC_ALL: "C" },
      timeout: 1_000,
    });
    return stdout;
  };
  return {
    async list() {
      try {
        const marked = markers.length === 0 ? [] : parsePsEnvironment(await ps(psEnvironmentArgs), markers);
        return parsePsProcesses(await ps(psProcessArgs), new Set(marked));
      } catch {
        return []; // Without a table, only the plan's signals to codex remain.
      }
    },
    isSame: () => true,
  };
}
