import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

export interface Memory {
  /** Peak of the resident memory, summed over the process and its descendants. Shared pages count once for each. */
  readonly rssMb: number;
  /** Peak with shared pages divided among their owners. It is sampled less often, because it is expensive. */
  readonly pssMb: number;
}

/** Returns the peak memory of a process and its descendants during `work`. Linux only. */
export async function measureMemory<T>(pid: number, work: () => Promise<T>): Promise<Memory & { readonly value: T }> {
  let done = false;
  let rssKb = 0;
  let pssKb = 0;
  const watch = async (): Promise<void> => {
    for (let count = 0; !done; count += 1) {
      const family = familyOf(pid);
      rssKb = Math.max(rssKb, sum(family.map((each) => readKb(`/proc/${each}/status`, "VmRSS"))));
      if (count % 5 === 0)
        pssKb = Math.max(pssKb, sum(family.map((each) => readKb(`/proc/${each}/smaps_rollup`, "Pss"))));
      await delay(20);
    }
  };
  const watching = watch();
  try {
    const value = await work();
    return { value, rssMb: rssKb / 1024, pssMb: pssKb / 1024 };
  } finally {
    done = true;
    await watching;
  }
}

function familyOf(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(familyOf)];
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" "))
      .filter((text) => text !== "")
      .map(Number);
  } catch {
    return [];
  }
}

/** Returns 0 if the process has ended. */
function readKb(file: string, field: string): number {
  try {
    const match = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(readFileSync(file, "utf8"));
    return Number(match?.[1] ?? 0);
  } catch {
    return 0;
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
