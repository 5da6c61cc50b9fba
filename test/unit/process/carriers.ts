import { readdirSync, readFileSync } from "node:fs";

/** The living processes whose environment (or command line) holds the text. Linux only. */
export function carriers(text: string, where: "environ" | "cmdline" = "environ"): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/${where}`).includes(text))
    .map(Number);
}

/** Returns the parent of a process, or 0 if the process is gone. */
export function parentOf(pid: number): number {
  return Number(/^PPid:\t(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
