// Starts runs of three turns on ephemeral threads without a reference to the thread, and collects garbage between their turns:
// `<{ codex, thread }>`. Prints the answers of each run.
import { setTimeout as delay } from "node:timers/promises";
import { Codex } from "../../../../dist/index.js";

const { codex: options, thread } = JSON.parse(process.argv[2] ?? "{}");
const codex = new Codex(options);

const { turns } = await codex.startThread({ ...thread, ephemeral: true }).runAuto("go", { until });
console.log(turns.map(({ finalResponse }) => finalResponse).join(" "));

const answers = [];
for await (const event of codex.startThread({ ...thread, ephemeral: true }).runAutoStreamed("go", { until })) {
  if (event.type === "item.completed" && event.item.type === "agentMessage") answers.push(event.item.text);
}
console.log(answers.join(" "));
await codex.close();

/** @type {import("../../../../dist/index.js").Until} */
async function until(_result, { turns: count }) {
  // Finalizers run in a later task than the collection.
  for (let round = 0; round < 10; round += 1) {
    globalThis.gc?.();
    await delay(20);
  }
  return count === 3;
}
