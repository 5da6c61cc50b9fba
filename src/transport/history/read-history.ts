import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { readStoredTurns, type StoredTurn } from "./stored-turns.js";

/** The end of the file that is read, in bytes. The last turns of a thread are in it. */
const maxBytes = 64 * 1024 * 1024;

/** Returns the last turns in codex's file of a thread, oldest first. Returns null if the file cannot be read. */
export async function readHistory(path: string | null): Promise<readonly StoredTurn[] | null> {
  if (path === null) return null;
  const file = await open(path).catch(() => null);
  if (file === null) return null;
  try {
    const { size } = await file.stat();
    const length = Math.min(size, maxBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
    return readStoredTurns(buffer.toString("utf8", 0, bytesRead));
  } catch {
    return null;
  } finally {
    await file.close().catch(() => undefined);
  }
}

/** Returns the path of codex's file of the thread, or null if there is none. */
export async function findHistory(
  env: Readonly<Record<string, string | undefined>>,
  threadId: string,
): Promise<string | null> {
  const home = codexHomeOf(env);
  if (home === null) return null;
  for (const day of daysOf(threadId)) {
    const folder = join(home, "sessions", ...day);
    const names = await readdir(folder).catch(() => []);
    const name = names.find((entry) => entry.endsWith(`-${threadId}.jsonl`));
    if (name !== undefined) return join(folder, name);
  }
  return null;
}

function codexHomeOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const own = env["CODEX_HOME"] ?? "";
  if (own !== "") return own;
  const home = env["HOME"] ?? env["USERPROFILE"] ?? "";
  return home === "" ? null : join(home, ".codex");
}

/** Returns the folders of the days on which the thread may have begun. Its id begins with its time; the folder is in local time. */
function daysOf(threadId: string): readonly (readonly string[])[] {
  const began = Number.parseInt(threadId.replace("-", "").slice(0, 12), 16);
  return [0, -1, 1].map((days) => {
    const day = new Date(began + days * 24 * 60 * 60 * 1_000);
    const two = (value: number): string => String(value).padStart(2, "0");
    return [String(day.getFullYear()), two(day.getMonth() + 1), two(day.getDate())];
  });
}
