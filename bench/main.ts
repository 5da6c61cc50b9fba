// `npm run bench`: compares codexkit with a bare script and the official SDK, on one binary and one model, in one run.
// Reports ratios; a missed limit is reported and does not fail. `--case name` (repeatable) runs some cases, `--quick`
// all of them in under a minute; neither writes to docs/.
import { parseArgs } from "node:util";
import { cases } from "./cases.js";
import type { CaseResult } from "./case.js";
import { renderResult } from "./report/render-result.js";
import { writeReport } from "./report/write-report.js";
import { openStage } from "./stage/stage.js";

const { values } = parseArgs({
  options: { quick: { type: "boolean", default: false }, case: { type: "string", multiple: true, default: [] } },
});
const unknown = values.case.filter((name) => !cases.some((known) => known.name === name));
if (unknown.length > 0) {
  console.error(`No such case: ${unknown.join(", ")}. Cases: ${cases.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}
const chosen = cases.filter(({ name }) => values.case.length === 0 || values.case.includes(name));

await using stage = await openStage();
const results: CaseResult[] = [];
for (const chosenCase of chosen) {
  const { name } = chosenCase;
  const started = performance.now();
  const result = await chosenCase.run(stage, values.quick ? "quick" : "full");
  results.push(result);
  console.log(`\n${renderResult(result)}`);
  console.log(`(${name}: ${((performance.now() - started) / 1000).toFixed(0)} s)`);
}
await writeReport(results, {
  toDocs: !values.quick && chosen.length === cases.length,
  codexVersion: stage.codexVersion,
});
