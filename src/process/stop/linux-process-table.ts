import { closeSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { markerEntries } from "./environment-marker.js";
import type { EnvironmentMarker, ProcessEntry, ProcessTable } from "./process-entry.js";

/**
 * Reads `/proc` synchronously, so that a scan is at most milliseconds old. The environment of a process is read once; those
 * of other users' processes cannot be read. No process that started before `since` has a marker.
 */
export function createLinuxProcessTable(wanted: readonly EnvironmentMarker[], since: string | null): ProcessTable {
  const markers = wanted.flatMap(markerEntries).map((entry) => Buffer.from(entry));
  const known = new Map<string, boolean>();
  let last = new Map<string, ProcessEntry>();

  /** Returns undefined if the environment cannot be read now. It is empty during an exec. */
  function isMarked(stat: ProcStat): boolean | undefined {
    if (markers.length === 0 || stat.zombie) return false;
    if (since !== null && Number(stat.startTime) < Number(since)) return false;
    const key = `${stat.pid}:${stat.startTime}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const environment = readFile(`/proc/${stat.pid}/environ`);
    if (environment === undefined || environment.length === 0) return undefined;
    const marked = markers.some((entry) => holdsEntry(environment, entry));
    known.set(key, marked);
    return marked;
  }

  return {
    async list({ onlyNew = false } = {}) {
      const before = last;
      last = new Map();
      const entries: ProcessEntry[] = [];
      const kernelThreads = listKernelThreads();
      for (const pid of listPids()) {
        if (kernelThreads.has(pid)) continue;
        const settled = onlyNew ? before.get(pid) : undefined;
        const stat = settled ?? readStat(pid);
        if (stat === undefined) continue;
        const marked = settled?.marked ?? isMarked(stat);
        const entry = settled ?? { ...stat, marked: marked ?? false };
        entries.push(entry);
        if (marked !== undefined) last.set(pid, entry);
      }
      return entries;
    },
    isSame: ({ pid, startTime }) => readStat(String(pid))?.startTime === startTime,
  };
}

/** Returns the start of a process as `/proc` shows it, or null if the process does not exist. */
export function startTimeOf(pid: number): string | null {
  return readStat(String(pid))?.startTime ?? null;
}

type ProcStat = Omit<ProcessEntry, "marked">;

/** Parses a line of `/proc/<pid>/stat`. The program's name is in parentheses and may contain any character. */
export function parseProcStat(line: string): ProcStat | undefined {
  const pid = Number.parseInt(line, 10);
  const [state, ppid, pgid, sid, ...rest] = line.slice(line.lastIndexOf(")") + 2).split(" ", 20);
  const startTime = rest[15];
  if (!Number.isSafeInteger(pid) || state === undefined || startTime === undefined) return undefined;
  const zombie = state === "Z" || state === "X" || state === "x";
  return { pid, ppid: Number(ppid), pgid: Number(pgid), sid: Number(sid), startTime, zombie };
}

/** Returns true if an environment, whose entries end in a null byte, contains the entry. */
export function holdsEntry(environment: Buffer, entry: Buffer): boolean {
  for (let at = environment.indexOf(entry); at !== -1; at = environment.indexOf(entry, at + 1)) {
    const end = at + entry.length;
    if ((at === 0 || environment[at - 1] === 0) && (end === environment.length || environment[end] === 0)) return true;
  }
  return false;
}

function listPids(): string[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  } catch {
    return []; // Not mounted: only the plan's signals to codex remain.
  }
}

/**
 * Returns the threads of the kernel, which are most entries of `/proc` and never belong to codex. Returns none in a container,
 * which does not show them, and on a kernel that does not list children.
 */
function listKernelThreads(): ReadonlySet<string> {
  if (!/^2 \(kthreadd\) \S 0 /.test(readStatText("/proc/2/stat") ?? "")) return new Set();
  const children = readFile("/proc/2/task/2/children");
  return new Set(children?.toString("latin1").trimEnd().split(" "));
}

function readStat(pid: string): ProcStat | undefined {
  const line = readStatText(`/proc/${pid}/stat`);
  return line === undefined ? undefined : parseProcStat(line);
}

/**
 * Returns the text of a `stat` file, or undefined if the process has ended. A scan reads up to hundreds of these files: one buffer for
 * all takes a third of the time of `readFileSync`.
 */
function readStatText(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return undefined;
  }
  try {
    return statBuffer.toString("latin1", 0, readSync(file, statBuffer));
  } catch {
    return undefined; // It ended between the two calls.
  } finally {
    closeSync(file);
  }
}

/** Longer than any `stat` file: 52 numbers and a name of at most 64 bytes. */
const statBuffer = Buffer.allocUnsafeSlow(4096);

function readFile(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined; // It ended meanwhile, or belongs to another user.
  }
}
