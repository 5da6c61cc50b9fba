import { readdirSync, readFileSync } from "node:fs";

/** The living processes whose environment (or command line) holds the text. Linux only. */
export function carriers(text: string, where: "environ" | "cmdline" = "environ"): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => read(`/proc/${pid}/${where}`).includes(text))
    .map(Number);
}

/** The parent of a process, 0 where it is gone. */
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
