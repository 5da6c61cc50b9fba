import { readdirSync, readFileSync } from "node:fs";
import { randomInt } from "node:crypto";
import { onTestFinished } from "vitest";

/** Returns a number for the command lines of a family. Every process that still carries it after the test is killed. */
export function createFamilyToken(): string {
  const token = String(randomInt(1e11, 1e12));
  onTestFinished(() => {
    for (const pid of survivors(token)) process.kill(pid, "SIGKILL");
  });
  return token;
}

/** The living processes that have the token on their command line, other than ourselves. */
export function survivors(token: string): number[] {
  return pidsOf((commandLine) => commandLine.includes(token));
}

/** Those of them that only sleep: none of these ends by itself, as the shells do that started them. */
export function sleepers(token: string): number[] {
  return pidsOf((commandLine) => commandLine.startsWith("sleep\0") && commandLine.includes(token));
}

function pidsOf(matches: (commandLine: string) => boolean): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => matches(readText(`/proc/${pid}/cmdline`)))
    .map(Number);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
