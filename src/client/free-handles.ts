import { closeSync, openSync } from "node:fs";
import { CodexError } from "../errors/codex-error.js";
import { systemCodeOf } from "../internal/is-error.js";

/** The files that the import of a transport has open at once, with a margin. */
const needed = 24;

/**
 * Throws a retryable error if the program cannot open the files of an import. Node remembers the failure of an import, so a later
 * attempt would fail, too.
 */
export function checkFreeHandles(): void {
  const handles: number[] = [];
  try {
    for (let count = 0; count < needed; count += 1) handles.push(openSync(process.execPath, "r"));
  } catch (cause) {
    const code = systemCodeOf(cause);
    if (code !== "EMFILE" && code !== "ENFILE") return;
    const problem = `codex could not be started: the program has no free file handles (${code}).`;
    const advice = "Close some, or raise the limit (`ulimit -n`).";
    throw new CodexError("PROCESS_SPAWN_FAILED", `${problem} ${advice}`, { retryable: true, cause });
  } finally {
    for (const handle of handles) closeSync(handle);
  }
}
