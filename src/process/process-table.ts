import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createLinuxProcessTable } from "./linux-process-table.js";
import { parsePsEnvironment, parsePsProcesses, psEnvironmentArgs, psProcessArgs } from "./ps-output.js";

/** One process as the operating system lists it. `pid` and `startTime` together name it for good. */
export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  readonly startTime: string;
  /** It ended, and only waits for its parent to take notice. */
  readonly zombie: boolean;
  /** Its environment holds the marker that was asked for. */
  readonly marked: boolean;
}

/**
 * An entry of the environment that a child and all that it starts inherit. Only names that nothing but a run or a thread
 * of codex carries: whatever carries a marker gets killed.
 */
export interface EnvironmentMarker {
  readonly name: `CODEXKIT_RUN_${string}` | "CODEX_THREAD_ID" | "CODEX_SESSION_ID";
  readonly value: string;
}

export interface ProcessTable {
  list(): Promise<readonly ProcessEntry[]>;
  /** Whether the process of this entry is still the one that has its pid. */
  isSame(entry: ProcessEntry): boolean;
}

/** The processes of this machine: from `/proc` on Linux, from `ps` on macOS, and none on Windows, which has `taskkill`. */
export function createProcessTable(marker: EnvironmentMarker | undefined, platform = process.platform): ProcessTable {
  if (platform === "linux" || platform === "android") return createLinuxProcessTable(marker);
  if (platform === "win32") return { list: () => Promise.resolve([]), isSame: () => false };
  return createPsProcessTable(marker);
}

const run = promisify(execFile);

/** Not verified on a Mac. */
function createPsProcessTable(marker: EnvironmentMarker | undefined): ProcessTable {
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
        const marked = marker === undefined ? [] : parsePsEnvironment(await ps(psEnvironmentArgs), marker);
        return parsePsProcesses(await ps(psProcessArgs), new Set(marked));
      } catch {
        return []; // Without a table the plan's own signals to codex are all that is left.
      }
    },
    isSame: () => true,
  };
}
