import type { ProcessPart } from "../../script/fake-parts.js";
import type { Hold } from "../../script/hold.js";

/** One action of a process of the fake exec. */
export type ExecAction = ProcessPart | Hold | ReadStdinPart;

export interface ReadStdinPart {
  readonly type: "readStdin";
}

/** One whole process of the fake exec. Created by {@link execRun}. */
export interface ExecRun {
  readonly type: "execRun";
  readonly actions: readonly ExecAction[];
}

/**
 * Defines a whole process of the fake exec by its actions, in place of a turn. The process first reads its stdin to the
 * end, unless one of the actions is `readStdin()`. It exits with code 0 after its last action, unless `die()` ends it.
 *
 * @example
 * ```ts
 * import { createFakeExec, die, execRun, line, stderr } from "codexkit/testing";
 *
 * await using exec = await createFakeExec([
 *   execRun(line('{"type":"thread.started","thread_id":"t"}'), stderr("boom\n"), die({ code: 3 })),
 * ]);
 * ```
 */
export function execRun(...actions: readonly ExecAction[]): ExecRun {
  return { type: "execRun", actions };
}

/** Reads the process's stdin to its end at this point of an {@link execRun}. */
export function readStdin(): ReadStdinPart {
  return { type: "readStdin" };
}
