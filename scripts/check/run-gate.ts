import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { endSurvivors } from "./end-survivors.js";
import { type Suite, suiteVariable } from "./find-survivors.js";
import type { Gate } from "./gates.js";

export interface GateResult {
  readonly gate: Gate;
  readonly passed: boolean;
  readonly seconds: number;
  /** Standard output and error in the order they came. */
  readonly output: string;
}

/** Milliseconds to wait for output that another process keeps open after the gate has ended. */
const pipeGraceMs = 1_000;

/** The report of a vitest gate. */
export function reportPath(gate: Gate, root: string): string {
  return join(root, ".tmp", "check", `${gate.name.replace(":", "-")}.json`);
}

/**
 * Runs the gate's npm script in its own process group, which is killed at the timeout or when `signal` aborts.
 * Processes that remain fail the gate and are killed.
 */
export async function runGate(gate: Gate, suite: Suite, signal: AbortSignal): Promise<GateResult> {
  const started = performance.now();
  const child = spawn("npm", ["run", "--silent", gate.name, ...vitestArguments(gate, suite.root)], {
    cwd: suite.root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined, [suiteVariable]: `${suite.id}/${gate.name}` },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const stop = AbortSignal.any([signal, AbortSignal.timeout(gate.timeoutSeconds * 1000)]);
  const kill = (): void => {
    chunks.push(Buffer.from(`\nstopped: ${signal.aborted ? "interrupted" : `over ${gate.timeoutSeconds} s`}\n`));
    killGroup(child.pid);
  };
  stop.addEventListener("abort", kill, { once: true });
  const code = await exitOf(child).catch((error: unknown) => {
    chunks.push(Buffer.from(`${String(error)}\n`));
    return null;
  });
  stop.removeEventListener("abort", kill);
  const seconds = (performance.now() - started) / 1000;
  // Orphans may belong to another running gate, so they are searched only if no other gate runs.
  const survivors = await endSurvivors(suite, gate.name);
  if (gate.alone === true) survivors.push(...(await endSurvivors(suite)));
  const output = Buffer.concat(chunks).toString("utf8") + survivors.map((line) => `\n${line}`).join("");
  return { gate, passed: code === 0 && !stop.aborted && survivors.length === 0, seconds, output };
}

function vitestArguments(gate: Gate, root: string): string[] {
  if (gate.vitest !== true) return [];
  return ["--", "--reporter=default", "--reporter=json", `--outputFile.json=${reportPath(gate, root)}`];
}

/** Returns the exit code when the output is complete, or when the time for output that is kept open has passed. */
async function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
    child.once("exit", (code) => {
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
        resolve(code);
      }, pipeGraceMs).unref();
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group has ended.
  }
}
