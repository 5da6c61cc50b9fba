import type { ProcessPart } from "../../script/fake-parts.js";
import type { Hold } from "../../script/hold.js";

/** What a process of the fake exec does, in order. */
export type ExecAction = ProcessPart | Hold | ReadStdinPart;

export interface ReadStdinPart {
  readonly type: "readStdin";
}

/** One whole process of the fake exec. */
export interface ExecRun {
  readonly type: "execRun";
  readonly actions: readonly ExecAction[];
}

/**
 * A process of the fake exec that does just this, instead of playing a turn. It reads its stdin to the end first, unless
 * a `readStdin()` says when; after its last action it exits with code 0, unless a `die()` said otherwise.
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

/** The moment at which the process reads its stdin, all of it. */
export function readStdin(): ReadStdinPart {
  return { type: "readStdin" };
}
