// `npm run check`: every gate, one line each as it ends, the whole output of those that fail, and the sum as the last line.
// `npm run check -- lint test:unit` runs only these.
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { countTests } from "./check/count-tests.js";
import { gates, type Gate } from "./check/gates.js";
import { runGate, type GateResult } from "./check/run-gate.js";
import { root } from "./house/read-files.js";

const names = process.argv.slice(2);
const unknown = names.filter((name) => !gates.some((gate) => gate.name === name));
if (unknown.length > 0) {
  console.error(`No such gate: ${unknown.join(", ")}. Gates: ${gates.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const stop = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stop.abort());

await rm(join(root, ".tmp", "check"), { recursive: true, force: true });
await mkdir(join(root, ".tmp", "check"), { recursive: true });
const results = await runAll(gates.filter(({ name }) => names.length === 0 || names.includes(name)));
const { passed, failed, skipped } = await countTests(results);
const broken = results.filter((result) => !result.passed).map(({ gate }) => gate.name);
if (broken.length > 0) console.log(`failed gates: ${broken.join(", ")}`);
process.exitCode = broken.length === 0 && !stop.signal.aborted ? 0 : 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);

/** Gates that may share the machine run two at a time; the others wait for it and have it alone. */
async function runAll(chosen: readonly Gate[]): Promise<GateResult[]> {
  const done: GateResult[] = [];
  const running = new Set<Promise<void>>();
  for (const gate of chosen) {
    while (running.size > (gate.alone === true ? 0 : 1)) await Promise.race(running);
    if (stop.signal.aborted) break;
    const task = runGate(gate, stop.signal).then((result) => {
      done.push(result);
      report(result);
      running.delete(task);
    });
    running.add(task);
    if (gate.alone === true) await task;
  }
  await Promise.all(running);
  return done;
}

function report({ gate, passed, seconds, output }: GateResult): void {
  console.log(`${passed ? "ok  " : "FAIL"} ${gate.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`);
  if (!passed) console.log(`${output.trimEnd()}\n---- end of ${gate.name} ----`);
}
