import { markerEntries } from "./environment-marker.js";
import type { EnvironmentMarker, ProcessEntry } from "./process-entry.js";

/** Arguments of `ps` for `parsePsProcesses`. `lstart` is last because it contains spaces. */
export const psProcessArgs = ["-axo", "pid=,ppid=,pgid=,sess=,stat=,lstart="] as const;

/** Arguments of `ps` for `parsePsEnvironment`. On macOS, `-E` appends the environment to the command. */
export const psEnvironmentArgs = ["-axwwE", "-o", "pid=,command="] as const;

/** Parses the output of `ps` and skips all other lines. `sid` is 0 if it is no number: macOS prints no usable session. */
export function parsePsProcesses(output: string, marked: ReadonlySet<number>): ProcessEntry[] {
  return output.split("\n").flatMap((line) => {
    const fields = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S.*?)\s*$/.exec(line);
    if (fields === null) return [];
    const [, pid, ppid, pgid, session = "", state = "", startTime = ""] = fields;
    const sid = /^\d+$/.test(session) ? Number(session) : 0;
    const entry = { pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid), sid, startTime };
    return [{ ...entry, zombie: state.startsWith("Z"), marked: marked.has(entry.pid) }];
  });
}

/** Returns the pids of the processes whose command line or environment contains one of the markers as a word of its own. */
export function parsePsEnvironment(output: string, markers: readonly EnvironmentMarker[]): number[] {
  const entries = markers.flatMap(markerEntries);
  return output.split("\n").flatMap((line) => {
    const [pid = "", ...words] = line.trim().split(/\s+/);
    return /^\d+$/.test(pid) && entries.some((entry) => words.includes(entry)) ? [Number(pid)] : [];
  });
}
