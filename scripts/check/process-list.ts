import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process as `/proc` shows it. `pid` and `startTicks` together name it for good. */
export interface LivingProcess {
  readonly pid: number;
  readonly ppid: number;
  /** When it started, in clock ticks since the machine did. */
  readonly startTicks: number;
  readonly commandLine: string;
  /** Empty where it belongs to another user. */
  readonly environment: readonly string[];
  readonly workingDirectory: string | null;
}

/**
 * All processes that have not ended. Linux only. It shares no code with `src/process/`, whose work is judged by it.
 */
export function listProcesses(): LivingProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** Null where it has ended, or waits for its parent to take notice. */
export function readProcess(pid: number): LivingProcess | null {
  const folder = `/proc/${pid}`;
  try {
    // The program's name stands in parentheses and may hold any character.
    const stat = readFileSync(`${folder}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return {
      pid,
      ppid: Number(fields[1]),
      startTicks: Number(fields[19]),
      commandLine: readFileSync(`${folder}/cmdline`, "utf8").split("\0").join(" ").trim(),
      environment: readOrNull(() => readFileSync(`${folder}/environ`, "utf8"))?.split("\0") ?? [],
      workingDirectory: readOrNull(() => readlinkSync(`${folder}/cwd`)),
    };
  } catch {
    return null; // It ended meanwhile.
  }
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null; // It is another user's.
  }
}
