import { spawn, type ChildProcess } from "node:child_process";
import { Socket } from "node:net";
import { watchdogScript } from "./watchdog-script.js";
import type { EnvironmentMarker } from "../stop/process-entry.js";

/** Ends what the host cannot end any more because it is dead itself. */
export interface Watchdog {
  /**
   * From now on the host's death is the end of this process and of everything that carries the marker. `graceful` is the
   * signal after which codex ends its own commands; without one the end of its input does it. Gives the function that
   * takes the process out again, to be called once nothing of it is left.
   */
  guard(agent: GuardedProcess): () => void;
  /** The same for a file in a folder of its own: both are removed. */
  guardFile(path: string): () => void;
  /** Ends the watchdog. What it still guards stays. Idempotent. */
  close(): void;
}

export interface GuardedProcess {
  readonly pid: number;
  readonly marker: EnvironmentMarker;
  readonly graceful?: "SIGINT" | undefined;
}

export interface WatchdogOptions {
  /** Where `grep` and the like are looked for where the system's own folders do not have them. */
  readonly path?: string | undefined;
  readonly platform?: NodeJS.Platform | undefined;
}

/** First on PATH: a `grep` in a project's `node_modules/.bin` must not decide who is killed. */
const systemPath = "/usr/bin:/bin:/usr/sbin:/sbin:/run/current-system/sw/bin";

/** How many watchdogs may end one soon after the other before there is a pause, and what soon is. */
const mostInARow = 3;
const soonMs = 1_000;

/**
 * A small shell program in a session of its own whose input is a pipe of ours. The pipe ends with us, however we die,
 * SIGKILL included; then it gives codex a second to end by itself and kills what is left. One serves all processes of a
 * client: it is started with the first of them and costs nothing between a start and an end. One that ends before its
 * time is replaced. It never keeps the host alive. Where it cannot be started, and on Windows, there is none: the host's death is then the end of an app-server
 * (by the end of its input), but not of `codex exec`.
 */
export function createWatchdog({ path, platform = process.platform }: WatchdogOptions = {}): Watchdog {
  const guarded = new Map<string, string>();
  let child: ChildProcess | null = null;
  let closed = false;
  let inARow = 0;
  let pause: NodeJS.Timeout | undefined;

  /** Says it to the watchdog of now, and to the next one should this one die, until the opposite is said. */
  function say(line: string, opposite: string): () => void {
    ensure();
    guarded.set(line, opposite);
    tell(line);
    return () => {
      if (guarded.delete(line)) tell(opposite);
    };
  }

  function tell(line: string): void {
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
    for (const line of guarded.keys()) tell(line);
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
      return say(`+ ${marker} ${pid} ${graceful === undefined ? "-" : graceful.slice("SIG".length)}`, `- ${marker}`);
    },
    guardFile(path) {
      return path.includes("\n") ? () => undefined : say(`f ${path}`, `u ${path}`);
    },
    close() {
      closed = true;
      // Told what it still guards to no purpose: it must not outlive us for what others will end.
      for (const opposite of guarded.values()) tell(opposite);
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
      // In a session of its own: what is sent to the host's group, Ctrl-C for one, is not meant for it.
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
  // Without a watchdog codex still works; only the host's own death is then less well covered.
}
