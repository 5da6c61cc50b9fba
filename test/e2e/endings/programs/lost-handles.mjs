// Runs a turn on each of ten ephemeral threads, starts ten that never run, drops all handles, and prints the number of threads
// that stay loaded: `<{ codex, thread }>`.
import { Codex } from "../../../../dist/index.js";

const { codex: options, thread } = JSON.parse(process.argv[2] ?? "{}");
const codex = new Codex(options);
for (let i = 0; i < 10; i += 1) {
  await codex.startThread({ ...thread, ephemeral: true }).run("go");
  await codex.startThread(thread).start();
}

let loaded = 20;
for (const end = Date.now() + 10_000; loaded > 2 && Date.now() < end;) {
  globalThis.gc?.();
  await new Promise((resolve) => setTimeout(resolve, 20));
  loaded = (await codex.appServer.request("thread/loaded/list", {})).data.length;
}
console.log(loaded);
await codex.close();
