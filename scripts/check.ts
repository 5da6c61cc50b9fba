// `npm run check`: runs every gate, prints one line for each, the complete output of those that fail, and the sum as
// the last line. `npm run check -- lint test:unit` runs only these. A process that remains fails the gate that started
// it.
import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { countTests } from "./check/count-tests.js";
import { gates } from "./check/gates.js";
import type { GateResult } from "./check/run-gate.js";
import { runSuite } from "./check/run-suite.js";
import { root } from "./house/read-files.js";
import { scratchBase } from "./house/scratch-folder.js";

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
const chosen = gates.filter(({ name }) => names.length === 0 || names.includes(name));
const suite = { id: randomUUID(), pid: process.pid, root, scratch: scratchBase };
const results = await runSuite(chosen, { suite, signal: stop.signal, report });
const { passed, failed, skipped } = await countTests(results, root);
const broken = results.filter((result) => !result.passed).map(({ gate }) => gate.name);
if (broken.length > 0) console.log(`failed gates: ${broken.join(", ")}`);
process.exitCode = broken.length === 0 && !stop.signal.aborted ? 0 : 1;
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);

function report({ gate, passed, seconds, output }: GateResult): void {
  console.log(`${passed ? "ok  " : "FAIL"} ${gate.name.padEnd(16)} ${seconds.toFixed(1).padStart(6)} s`);
  if (!passed) console.log(`${output.trimEnd()}\n---- end of ${gate.name} ----`);
}
