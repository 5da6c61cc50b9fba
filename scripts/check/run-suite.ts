import { canFindSurvivors, endSurvivors } from "./end-survivors.js";
import type { Suite } from "./find-survivors.js";
import type { Gate } from "./gates.js";
import { runGate, type GateResult } from "./run-gate.js";

export interface SuiteOptions {
  readonly suite: Suite;
  /** Stops the running gates and starts no more. */
  readonly signal: AbortSignal;
  /** Called for each gate when it ends. */
  readonly report: (result: GateResult) => void;
}

/**
 * Runs the gates, two at a time if they may share the machine; the others run alone. The last result is the search for
 * processes that the suite has left behind.
 */
export async function runSuite(gates: readonly Gate[], { suite, signal, report }: SuiteOptions): Promise<GateResult[]> {
  const done: GateResult[] = [];
  const note = (result: GateResult): void => {
    done.push(result);
    report(result);
  };
  const running = new Set<Promise<void>>();
  for (const gate of gates) {
    while (running.size > (gate.alone === true ? 0 : 1)) await Promise.race(running);
    if (signal.aborted) break;
    const task = runGate(gate, suite, signal).then((result) => {
      note(result);
      running.delete(task);
    });
    running.add(task);
    if (gate.alone === true) await task;
  }
  await Promise.all(running);
  note(await lookForSurvivors(suite));
  return done;
}

async function lookForSurvivors(suite: Suite): Promise<GateResult> {
  const started = performance.now();
  const survivors = await endSurvivors(suite);
  const name = canFindSurvivors ? "survivors" : "survivors (not checked on this platform)";
  const seconds = (performance.now() - started) / 1000;
  return {
    gate: { name, timeoutSeconds: 0 },
    passed: survivors.length === 0,
    seconds,
    output: survivors.join("\n"),
  };
}
