import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { clearTimeout, setTimeout } from "node:timers";
import { watchdogScript } from "./watchdog-script.js";
import type { EnvironmentMarker } from "../stop/process-entry.js";

/** Ends codex processes and removes files after the host program has died. */
export interface Watchdog {
  /**
   * Ends this process and every process with its marker if the host program dies. `graceful` is the signal on which codex
   * ends its own commands; without one, the end of its input has this effect. Returns a function that releases the process,
   * to be called when nothing of it is left.
   */
  guard(agent: GuardedProcess): () => void;
  /** Removes a file and its folder if the host program dies. Returns a function that releases them. */
  guardFile(path: string): () => void;
  /** Ends the watchdog. Processes and files that it still guards stay. Idempotent. */
  close(): void;
}

export interface GuardedProcess {
  readonly pid: number;
  readonly marker: EnvironmentMarker;
  readonly graceful?: "SIGINT" | undefined;
}

export interface WatchdogOptions {
  /** A PATH to search for `grep` and other tools that the system's own folders lack. */
  readonly path?: string | undefined;
  readonly platform?: NodeJS.Platform | undefined;
}

/** The first folders on PATH: a `grep` in a project's `node_modules/.bin` must not decide which processes are killed. */
const systemPath = "/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin";

/** The number of watchdogs in a row that may end within `soonMs` before the next start is delayed. */
const mostInARow = 3;
const soonMs = 1_000;

/**
 * Creates a watchdog: a small shell program in its own session that reads from a pipe of the host program. The pipe ends with
 * the host program, even if that is killed with SIGKILL. Then the watchdog waits one second for codex to end by itself and
 * kills the remaining processes. One watchdog serves all processes of a client. It starts with the first of them, and needs
 * no processor time while they run. A watchdog that ends too early is replaced. It never keeps the host program alive. There
 * is none on Windows and if it cannot be started: then the death of the host program ends an app-server, whose input ends,
 * but not `codex exec`.
 */
export function createWatchdog({ path, platform = process.platform }: WatchdogOptions = {}): Watchdog {
  const guarded = new Map<string, string>();
  let child: ChildProcess | null = null;
  let closed = false;
  let inARow = 0;
  let pause: NodeJS.Timeout | undefined;

  /** Sends a line to the watchdog, and to every later one, until the returned function sends the opposite. */
  function register(line: string, opposite: string): () => void {
    ensure();
    guarded.set(line, opposite);
    send(line);
    return () => {
      if (guarded.delete(line)) send(opposite);
    };
  }

  function send(line: string): void {
    if (child?.stdin?.writable === true) child.stdin.write(`${line}\n`);
  }

  function ensure(): void {
    if (child !== null || closed || platform === "win32") return;
    const started = startWatchdog(path);
    if (started === null) return;
    child = started;
    const startedAt = performance.now();
    started.once("error", () => {
      if (child === started) child = null;
    });
    started.once("exit", () => {
      if (child === started) child = null;
      inARow = performance.now() - startedAt < soonMs ? inARow + 1 : 0;
      replace();
    });
    for (const line of guarded.keys()) send(line);
  }

  function replace(): void {
    if (guarded.size === 0) return;
    if (inARow < mostInARow) ensure();
    else pause ??= setTimeout(resume, soonMs).unref();
  }

  function resume(): void {
    pause = undefined;
    inARow = 0;
    replace();
  }

  return {
    guard({ pid, marker: { name, value }, graceful }) {
      const marker = `${name}=${value}`;
      return register(
        `+ ${marker} ${pid} ${graceful === undefined ? "-" : graceful.slice("SIG".length)}`,
        `- ${marker}`,
      );
    },
    guardFile(path) {
      return path.includes("\n") ? () => undefined : register(`f ${path}`, `u ${path}`);
    },
    close() {
      closed = true;
      // Released first: the watchdog must not outlive the host program for processes that others end.
      for (const opposite of guarded.values()) send(opposite);
      guarded.clear();
      clearTimeout(pause);
      child?.stdin?.end();
    },
  };
}

function startWatchdog(path: string | undefined): ChildProcess | null {
  let child: ChildProcess;
  try {
    child = spawn("/bin/sh", ["-c", watchdogScript, "codexkit-watchdog"], {
      cwd: "/",
      // In its own session: it must not receive signals to the host program's group, such as Ctrl-C.
      detached: true,
      env: { PATH: path === undefined || path === "" ? systemPath : `${systemPath}:${path}`, LC_ALL: "C" },
      stdio: ["pipe", "ignore", "ignore"],
    });
  } catch {
    return null;
  }
  child.on("error", ignore);
  child.stdin?.on("error", ignore);
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return child;
}

function ignore(): void {
  // Without a watchdog codex still works, but the death of the host program is not fully covered.
}
