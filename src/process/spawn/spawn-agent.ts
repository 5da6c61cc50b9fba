import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { Socket } from "node:net";
import { setTimeout } from "node:timers";
import { TransportClosedError } from "../../errors/transport-closed-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { withDeadline } from "../../internal/time/with-deadline.js";
import type { AgentProcess } from "./agent-process.js";
import { createInputWriter } from "./input-writer.js";
import { createOutputReader } from "./output-reader.js";
import { ProcessExitedError, type ProcessExit } from "./process-exited-error.js";
import { toSpawnError } from "./spawn-error.js";
import { createStderrTail } from "./stderr-tail.js";

export interface SpawnAgentOptions {
  readonly command: string;
  /** Never a secret and never text of unknown size: arguments are visible to other users, and the system limits them. */
  readonly args: readonly string[];
  readonly cwd?: string | undefined;
  /** The complete environment of the child. */
  readonly env: Readonly<Record<string, string>>;
  /** Values to remove from the error output. The list may grow later. */
  readonly secrets?: readonly string[] | undefined;
  /** The longest line of output, in bytes. Default: 64 MiB. */
  readonly maxLineBytes?: number | undefined;
}

/** The wait for a pipe that a grandchild holds open after the process has ended. */
const pipeGraceMs = 1_000;

/**
 * Starts a program without a shell and owns its three pipes. The child stays in the process group of the host program, so
 * that Ctrl-C in a terminal reaches it. `stopProcess` ends it and all its descendants. A broken pipe rejects the write and
 * is never an uncaught error.
 *
 * @throws BinaryNotFoundError, BinaryNotExecutableError, OptionError (the working directory, a null byte, arguments that are
 * too large) or a CodexError with code PROCESS_SPAWN_FAILED.
 */
export async function spawnAgent(options: SpawnAgentOptions): Promise<AgentProcess> {
  const child = await start(options);
  const { pid = 0 } = child;
  const exited = createDeferred<ProcessExit>();
  let exit: ProcessExit | null = null;
  child.once("exit", (code, signal) => {
    exit = { code, signal };
    exited.resolve(exit);
    // A grandchild that keeps the error output open must not keep the host program alive.
    setTimeout(() => child.stderr.destroy(), pipeGraceMs).unref();
  });

  const stderr = createStderrTail(options.secrets);
  const stderrEnded = createDeferred<undefined>();
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.stderr.on("close", () => stderrEnded.resolve(undefined));

  const reader = createOutputReader(child.stdout, { exited: exited.promise, pipeGraceMs, ...options });
  const writer = createInputWriter(child.stdin, describeExit);

  async function describeExit() {
    const timeoutMs = pipeGraceMs;
    try {
      const end = await withDeadline(exited.promise, { timeoutMs, onTimeout: () => new TransportClosedError() });
      await withDeadline(stderrEnded.promise, { timeoutMs: timeoutMs / 2, onTimeout: () => new Error() }).catch(
        () => undefined,
      );
      return new ProcessExitedError(end, stderr.text());
    } catch {
      return new TransportClosedError("The codex process closed its pipes, but still runs.");
    }
  }

  return {
    pid,
    get exit() {
      return exit;
    },
    exited: exited.promise,
    lines: reader.lines,
    write: (line) => writer.write(`${line}\n`),
    writeRaw: (text) => writer.write(text),
    end: () => writer.end(),
    stderrTail: () => stderr.text(),
    unref: () => unrefAll(child),
    kill: (signal) => exit === null && child.kill(signal),
    describeExit,
  };
}

async function start(options: SpawnAgentOptions): Promise<ChildProcessWithoutNullStreams> {
  const plan = spawnPlan(options);
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(plan.command, plan.args, plan.options);
  } catch (error) {
    throw toSpawnError(error, options);
  }
  const failure = child.pid === undefined ? once(child, "error") : undefined;
  // This listener stays: an `error` event without a listener would end the host program. Without a pid there may be no pipes.
  child.on("error", ignore);
  if (failure !== undefined) throw toSpawnError((await failure)[0], options);
  for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.on("error", ignore);
  return child;
}

/** Returns the arguments of `spawn`, for every platform: a file with a list of arguments, no shell, no window. */
export function spawnPlan({ command, args, cwd, env }: SpawnAgentOptions) {
  const stdio: ["pipe", "pipe", "pipe"] = ["pipe", "pipe", "pipe"];
  return { command, args, options: { cwd, env: { ...env }, shell: false, windowsHide: true, stdio } } as const;
}

function unrefAll(child: ChildProcessWithoutNullStreams): void {
  child.unref();
  // `unref` on a destroyed pipe would wait for a connection and add a listener each time.
  for (const pipe of child.stdio) if (pipe instanceof Socket && !pipe.destroyed) pipe.unref();
}

function ignore(): void {
  // The write, the read or the exit reports the failure.
}
