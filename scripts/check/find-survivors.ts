import { sep } from "node:path";
import type { LivingProcess } from "./process-list.js";

/** The variable in the environment of every gate: `<suite>/<gate>`. */
export const suiteVariable = "CODEXKIT_SUITE";

export interface Suite {
  /** Unique among all suites of this machine. */
  readonly id: string;
  /** The process that runs the gates. */
  readonly pid: number;
  readonly root: string;
  /** Folder of scratch files, if it lies outside `root`. */
  readonly scratch?: string;
}

export interface Survivor extends LivingProcess {
  /** The gate that started it; null if its environment does not show it. */
  readonly gate: string | null;
}

/**
 * Returns the processes that a suite has left behind: processes with its variable, and orphans that work below its root
 * and started after it. (Most tests set a new environment for their children, without the variable.) `gate` limits the
 * former to one gate and excludes orphans, because they may belong to a running gate.
 *
 * Excluded are the suite itself and its ancestors, and other programs in the same checkout: programs that started
 * before, programs with the suite's `HOME` but without its variable, their children, and processes that share a run of
 * codex with them.
 */
export function findSurvivors(
  processes: readonly LivingProcess[],
  suite: Suite,
  { gate }: { readonly gate?: string | undefined } = {},
): Survivor[] {
  const byPid = new Map(processes.map((entry) => [entry.pid, entry]));
  const own = byPid.get(suite.pid);
  if (own === undefined) return [];
  const spared = new Set(ancestry(suite.pid, byPid).map(({ pid }) => pid));
  const home = own.environment.find((entry) => entry.startsWith("HOME="));
  const isForeign = (entry: LivingProcess): boolean =>
    entry.startTicks < own.startTicks ||
    spared.has(entry.pid) ||
    (home !== undefined && entry.environment.includes(home) && gateOf(entry, suite) === null);
  const isOrphan = (entry: LivingProcess): boolean => !ancestry(entry.pid, byPid).some(isForeign);
  const foreignRuns = new Set(processes.filter((entry) => !isOrphan(entry)).flatMap(runsOf));

  return processes.flatMap((entry): Survivor[] => {
    if (spared.has(entry.pid)) return [];
    const origin = gateOf(entry, suite);
    if (gate !== undefined) return origin === gate ? [{ ...entry, gate }] : [];
    const left =
      origin !== null ||
      ([suite.root, suite.scratch].some((folder) => isBelow(entry.workingDirectory, folder)) &&
        isOrphan(entry) &&
        !runsOf(entry).some((run) => foreignRuns.has(run)));
    return left ? [{ ...entry, gate: origin }] : [];
  });
}

/** Returns the process and its ancestors, without init. */
function ancestry(pid: number, byPid: ReadonlyMap<number, LivingProcess>): LivingProcess[] {
  const found: LivingProcess[] = [];
  for (let entry = byPid.get(pid); entry !== undefined && entry.pid > 1; entry = byPid.get(entry.ppid)) {
    found.push(entry);
  }
  return found;
}

function gateOf({ environment }: LivingProcess, { id }: Suite): string | null {
  const prefix = `${suiteVariable}=${id}/`;
  return environment.find((entry) => entry.startsWith(prefix))?.slice(prefix.length) ?? null;
}

function runsOf({ environment }: LivingProcess): string[] {
  return environment.filter((entry) => entry.startsWith("CODEXKIT_RUN_"));
}

function isBelow(folder: string | null, root: string | undefined): boolean {
  if (folder === null || root === undefined) return false;
  // Linux appends " (deleted)" to the path of a removed folder.
  return withSeparator(folder.replace(/ \(deleted\)$/, "")).startsWith(withSeparator(root));
}

function withSeparator(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}
