import { sep } from "node:path";
import type { LivingProcess } from "./process-list.js";

/** The entry of the environment that every gate is given: `<suite>/<gate>`. */
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
  /** The gate that started it, null where its environment no longer tells. */
  readonly gate: string | null;
}

/**
 * What a suite has left behind: processes that carry its entry, and orphans that work below its root and started after
 * it. (Most tests give their children an environment of their own, where the entry is not.) `gate` narrows the first to
 * one gate and leaves the orphans out: they may belong to a gate that still runs.
 *
 * The suite itself and its ancestors are never among them, and no other program at work in the same checkout: one that
 * started before, one with the suite's own `HOME` but without its entry, what these started, and what shares a run of
 * codex with that.
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

/** The process and its ancestors, init left out. */
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
