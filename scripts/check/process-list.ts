import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** A process as `/proc` shows it. `pid` and `startTicks` together identify it. */
export interface LivingProcess {
  readonly pid: number;
  readonly ppid: number;
  /** The start time, in clock ticks since the start of the machine. */
  readonly startTicks: number;
  readonly commandLine: string;
  /** Empty if it belongs to another user. */
  readonly environment: readonly string[];
  readonly workingDirectory: string | null;
}

/** Returns all processes that have not ended. Linux only. It shares no code with `src/process/`, which it checks. */
export function listProcesses(): LivingProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
}

/** Returns null if it has ended, or is a zombie. */
export function readProcess(pid: number): LivingProcess | null {
  const folder = `/proc/${pid}`;
  try {
    // The program's name is in parentheses and may contain any character.
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
    return null; // It ended.
  }
}

function readOrNull(read: () => string): string | null {
  try {
    return read();
  } catch {
    return null; // It belongs to another user.
  }
}
