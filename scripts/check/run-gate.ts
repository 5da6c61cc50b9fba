import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "../house/read-files.js";
import type { Gate } from "./gates.js";

export interface GateResult {
  readonly gate: Gate;
  readonly passed: boolean;
  readonly seconds: number;
  /** Standard output and error in the order they came. */
  readonly output: string;
}

/** The report that a vitest gate leaves behind. */
export function reportPath(gate: Gate): string {
  return join(root, ".tmp", "check", `${gate.name.replace(":", "-")}.json`);
}

/** Runs the gate's npm script in a process group of its own, which is killed at the timeout or when `signal` aborts. */
export async function runGate(gate: Gate, signal: AbortSignal): Promise<GateResult> {
  const started = performance.now();
  const child = spawn("npm", ["run", "--silent", gate.name, ...vitestArguments(gate)], {
    cwd: root,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: undefined },
  });
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const stop = AbortSignal.any([signal, AbortSignal.timeout(gate.timeoutSeconds * 1000)]);
  const kill = (): void => {
    chunks.push(Buffer.from(`\nstopped: ${signal.aborted ? "interrupted" : `over ${gate.timeoutSeconds} s`}\n`));
    killGroup(child.pid);
  };
  stop.addEventListener("abort", kill, { once: true });
  const code = await new Promise<number | null>((resolve) => {
    child.once("error", (error) => {
      chunks.push(Buffer.from(`${error.message}\n`));
      resolve(null);
    });
    child.once("close", resolve);
  });
  stop.removeEventListener("abort", kill);
  const seconds = (performance.now() - started) / 1000;
  return { gate, passed: code === 0 && !stop.aborted, seconds, output: Buffer.concat(chunks).toString("utf8") };
}

function vitestArguments(gate: Gate): string[] {
  if (gate.vitest !== true) return [];
  return ["--", "--reporter=default", "--reporter=json", `--outputFile.json=${reportPath(gate)}`];
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The group ended by itself.
  }
}
