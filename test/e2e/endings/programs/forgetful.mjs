// Runs two turns and never calls close(): `<{ codex, thread }>`.
import { Codex } from "../../../../dist/index.js";

const { codex: options, thread: where } = JSON.parse(process.argv[2] ?? "{}");
const thread = new Codex(options).startThread(where);
console.log((await thread.run("one")).finalResponse);
await new Promise((resolve) => setTimeout(resolve, 50));
console.log((await thread.run("two")).finalResponse);
