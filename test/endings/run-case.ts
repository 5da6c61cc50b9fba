/**
 * Runs every ending of a host program, one program a case. [A1.5]
 *
 * A case is an executable that stands in for codex (`test/agents/hostile/`, `test/agents/hostile-server/`) and one way
 * to end the work on it. `runCase()` starts `host.mjs`, a plain program that uses `dist/` as any user would, passes it
 * the case, and observes it from outside until no process or file of it is left:
 *
 * - The program must end by itself. If it has not ended after `hardLimitMs`, it is killed, and the report has `hung`
 * set.
 * - Its handlers of uncaught exceptions, unhandled rejections and warnings only observe: such an accident ends it as it
 * would end a user's program, so it also shows in `exit`.
 * - Every process that carries the case's token belongs to the case: in its environment, as part of `CODEXKIT_CASE` and
 * `PATH` (the library's watchdog gets no more), or on its command line, for processes that run under an emptied
 * environment. A process that still lives `leftLimitMs` after the program's end is a survivor, and is killed then:
 * cases do not disturb each other.
 * - The program's `TMPDIR` is a folder of its own; a file in there after the same time is a leftover. Every turn has an
 * output schema, for which the exec transport writes a file.
 *
 * An executable knows its case by `CODEXKIT_CASE` and `CODEXKIT_CASE_FOLDER`. Endings "during" a turn come with its
 * first event; an executable that sends none marks the moment by a file `mid-turn` in that folder (see
 * `test/agents/hostile/stand-in.mjs`). If the turn settles before that, the ending comes after its end.
 *
 * `complaintsOf(report)` in sound-ending.ts checks the requirements of every ending; each test checks the outcome of
 * its turn. The tests run concurrently (`maxConcurrency` of the project), so a case must not rely on being alone.
 */
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { scratchFolder } from "../../scripts/house/scratch-folder.js";
import type { CodexOptions, ThreadStartOptions } from "../../src/index.js";
import { killAll, type Survivor, survivorsOf } from "./survivors.js";

/** The endings that the host program survives, after which it has to end by itself. */
export const endings = [
  "run",
  "leave",
  "break",
  "break-and-abort",
  "throw",
  "return",
  "abort-before",
  "abort-at-spawn",
  "abort-during",
  "abort-after",
  "timeout",
  "idle-timeout",
  "interrupt",
  "close-thread",
  "close-client",
  "all-at-once",
] as const;

/** The endings in which the host program itself dies in mid-turn. */
export const deaths = ["exit", "uncaught", "SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const;

export type Ending = (typeof endings)[number] | (typeof deaths)[number];

/** The case, as passed to the host program. */
export interface HostCase {
  /** The path of the executable that stands in for codex. Default: the real binary. */
  readonly codex?: string;
  readonly transport: "exec" | "app-server";
  readonly ending: Ending;
  /** Characters of the prompt. Default: 5. */
  readonly promptLength?: number;
  /** The id of the thread to resume. Default: a new thread. */
  readonly resume?: string;
  /** A bound of the turn, for an executable that would never end by itself. Default: none. */
  readonly timeoutMs?: number;
  /** The process start at which `abort-at-spawn` aborts. Default: 2 on exec, whose first process prints the version, else 1. */
  readonly abortAtProcess?: number;
  /** Whether the thread is started before its turn, so that the start does not use up a bound of the turn. Default: no. */
  readonly warm?: boolean;
  /** Whether the same thread of the same client runs a further turn, with the prompt "again", after the ending. */
  readonly again?: boolean;
  /** Added to the environment of codex. */
  readonly env?: Readonly<Record<string, string>>;
  /** The only sign of mid-turn. Default: the first event, or the file `mid-turn`. */
  readonly midTurn?: "file";
  /** Milliseconds of `timeoutMs` and `idleTimeoutMs` in the endings of these names. Default: 300. */
  readonly limitMs?: number;
  /** The start of the command lines that must end with the turn; `left` in the report lists those that have not. */
  readonly command?: string;
  /** Further options of the thread. */
  readonly thread?: ThreadStartOptions;
  /** Further options of the client. */
  readonly codexOptions?: Omit<CodexOptions, "transport" | "env" | "codexPathOverride">;
}

export interface ReportedError {
  readonly name: string;
  readonly code: string | null;
  readonly message: string;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

export interface ResolvedTurn {
  readonly kind: "resolved";
  readonly status: string;
  readonly threadId: string;
  /** The parsed output as JSON, its first 200 characters. */
  readonly output: string | null;
  readonly finalResponseLength: number | null;
  readonly itemCount: number;
}

export type Outcome = ResolvedTurn | ({ readonly kind: "rejected" } & ReportedError);

/** The report of the host program at its end. */
export interface HostReport {
  /** How often the turn's promise settled. */
  settled: number;
  outcome: Outcome | null;
  /** The outcome of the further turn. */
  again: Outcome | null;
  /** The reader of the turn's events, if the ending has one. */
  reader: { events: Record<string, number>; count: number; ends: number; error: ReportedError | null };
  tripwires: string[];
  /** Counts of `client`, `process` and `turn`, from `node:diagnostics_channel`. */
  operations: Record<string, { started: number; onExec: number; ended: number; endedTwice: number }>;
  /** The resources that kept the program alive after `close()`, by the names of `process.getActiveResourcesInfo()`. */
  resources: string[];
  /** The sign by which the host program knew that it was in mid-turn; `settled` if the turn was over before. */
  midTurnBy: "event" | "file" | "settled" | null;
  /** The command lines that begin with `command` and still ran when the turn had settled. */
  left: string[];
  /** From the ending to the end of `close()`. */
  endedMs: number;
  /** The time at which `close()` resolved, by the system's clock; 0 if the host program died. */
  closedAt: number;
  threadId: string | null;
  /** The peak memory of the program, in MB. */
  peakMb: number;
}

export interface CaseReport {
  /** Null if the host program was killed by a signal. */
  readonly host: HostReport | null;
  /** Whether the host program reported mid-turn and was sent its signal then. */
  readonly signalled: boolean;
  readonly exit: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  readonly hung: boolean;
  /** From the end of `close()` to the end of the program; null if the host program died. */
  readonly lingerMs: number | null;
  readonly survivors: readonly Survivor[];
  /** From the end of the program to the first moment without processes or files of the case. */
  readonly goneMs: number;
  /** The paths left in the program's temporary folder. */
  readonly leftovers: readonly string[];
  readonly stderr: string;
  readonly durationMs: number;
}

const scratch = scratchFolder("endings");
const program = fileURLToPath(new URL("host.mjs", import.meta.url));

/** The time limit from a program's start to its end. The slowest sound ones take 7 s on a busy machine. */
const hardLimitMs = 25_000;
/** The contract is 2 s. This is a bound, not a measurement, so it has slack for a busy machine. */
const leftLimitMs = 10_000;
const pollMs = 20;

export async function runCase(hostCase: HostCase): Promise<CaseReport> {
  const began = performance.now();
  const token = String(randomInt(1e11, 1e12)) + String(randomInt(1e5, 1e6));
  const folder = join(scratch, token);
  const [temporary, home] = [join(folder, "tmp"), join(folder, "home")];
  await mkdir(temporary, { recursive: true });
  await mkdir(home);
  try {
    const end = await runHost(hostCase, {
      ...process.env,
      CODEXKIT_CASE: token,
      CODEXKIT_CASE_FOLDER: folder,
      TMPDIR: temporary,
      // The start files of the machine's own shells take their time.
      HOME: home,
      CODEX_HOME: home,
      // The token again, for processes that are started with no more than a PATH.
      PATH: `${process.env["PATH"] ?? ""}:${folder}`,
    });
    const left = await waitForLeftovers(token, temporary);
    return { ...end, ...left, durationMs: performance.now() - began };
  } finally {
    await killAll(token);
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

type Left = Pick<CaseReport, "survivors" | "leftovers" | "goneMs">;
type HostEnd = Omit<CaseReport, keyof Left | "durationMs">;

async function runHost(hostCase: HostCase, env: NodeJS.ProcessEnv): Promise<HostEnd> {
  const child = spawn(process.execPath, [program, JSON.stringify(hostCase)], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let signalled = false;
  let hung = false;
  let host: HostReport | null = null;
  const stderr = collect(child.stderr);
  const ended = readLines(child.stdout, (line) => {
    const message = JSON.parse(line) as { kind: "mid-turn" } | { kind: "report"; report: HostReport };
    if (message.kind === "report") host = message.report;
    else if (isSignal(hostCase.ending)) signalled = child.kill(hostCase.ending);
  });
  const timer = setTimeout(() => {
    hung = true;
    child.kill("SIGKILL");
  }, hardLimitMs);
  const exit = await exitOf(child);
  const endedAt = Date.now();
  clearTimeout(timer);
  await ended;
  const closedAt = (host as HostReport | null)?.closedAt ?? 0;
  const lingerMs = closedAt === 0 ? null : endedAt - closedAt;
  return { host, signalled, exit, hung, lingerMs, stderr: await stderr };
}

function isSignal(ending: Ending): ending is "SIGINT" | "SIGTERM" | "SIGHUP" | "SIGKILL" {
  return ending.startsWith("SIG");
}

async function exitOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<CaseReport["exit"]> {
  const [code, signal] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) onLine(line);
  }
}

async function collect(stream: Readable): Promise<string> {
  let text = "";
  for await (const chunk of stream.setEncoding("utf8") as AsyncIterable<string>) text = (text + chunk).slice(-4_000);
  return text;
}

/** Waits for processes and files to disappear. Two scans in a row must be empty, as one may fall into a fork. */
async function waitForLeftovers(token: string, temporary: string): Promise<Left> {
  const began = performance.now();
  let emptyAt: number | null = null;
  for (;;) {
    const survivors = survivorsOf(token);
    const leftovers = await readdir(temporary);
    const now = performance.now() - began;
    if (survivors.length + leftovers.length > 0) emptyAt = null;
    else if (emptyAt !== null) return { survivors, leftovers, goneMs: emptyAt };
    else emptyAt = now;
    if (emptyAt === null && now > leftLimitMs) return { survivors, leftovers, goneMs: now };
    await delay(pollMs);
  }
}
