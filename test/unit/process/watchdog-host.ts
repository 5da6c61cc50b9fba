// The host of watchdog.test.ts: `<guarded> <other> <wait | end | release>`.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { createWatchdog } from "../../../src/process/watchdog.js";

const [guarded = "", other = "", what] = process.argv.slice(2);
const family = `trap '' INT TERM HUP; setsid sh -c 'trap "" INT TERM HUP; sleep 300; :' & sleep 301 & echo ready; wait`;

const first = await start(guarded);
await start(other);
const watchdog = createWatchdog({ path: process.env["PATH"] });
const marker = { name: "CODEXKIT_RUN", value: guarded } as const;
const release = watchdog.guard({ pid: first.pid ?? 0, marker, graceful: "SIGINT" });
const folder = mkdtempSync(join(scratchFolder(), "a file's folder $(x)-"));
const file = join(folder, "file of the host.json");
writeFileSync(file, "{}");
const releaseFile = watchdog.guardFile(file);
if (what === "release") {
  release();
  releaseFile();
  watchdog.close();
}
process.on("message", () => process.exit());
process.send?.(file, () => {
  if (what === "end") process.disconnect();
});

function scratchFolder(): string {
  const scratch = join(import.meta.dirname, "../../../.tmp/unit");
  mkdirSync(scratch, { recursive: true });
  return scratch;
}

async function start(value: string) {
  const env = { PATH: process.env["PATH"] ?? "", CODEXKIT_RUN: value };
  const child = spawn("/bin/sh", ["-c", family], { env, stdio: ["ignore", "pipe", "ignore"] });
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.unref();
  return child;
}
