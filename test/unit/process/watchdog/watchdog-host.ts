// The host program of watchdog.test.ts: `<guarded> <other> <wait | end | release>`. Both numbers are on the command lines of their
// families; the first is in the marker of what is guarded.
import { spawn } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { once } from "node:events";
import { scratchFolder } from "../../../../scripts/house/scratch-folder.js";
import { createWatchdog } from "../../../../src/process/watchdog/watchdog.js";

const [guarded = "", other = "", what] = process.argv.slice(2);
const marker = { name: `CODEXKIT_RUN_${guarded}`, value: "1" } as const;
const entry = `${marker.name}=${marker.value}`;

const first = await startFamily(guarded, { [marker.name]: marker.value });
await startFamily(other, { [`CODEXKIT_RUN_${other}`]: "1" });
// A process that only mentions the marker does not belong to the family.
await startFamily(other, { NOTE: `see ${entry}`, LINES: `a\n${entry}\nb`, [`X${marker.name}`]: "1" });
await startFamily(other, { [marker.name]: "12" });

const programs = mkdtempSync(join(makeScratch(), "programs-"));
for (const name of ["grep", "tr", "sleep"]) {
  writeFileSync(join(programs, name), "#!/bin/sh\nexit 1\n");
  chmodSync(join(programs, name), 0o755);
}
const watchdog = createWatchdog({ path: `${programs}:${process.env["PATH"] ?? ""}` });
const release = watchdog.guard({ pid: first.pid ?? 0, marker, graceful: "SIGINT" });
const folder = mkdtempSync(join(makeScratch(), "a file's folder $(x)-"));
const file = join(folder, "file of the host.json");
writeFileSync(file, "{}");
const releaseFile = watchdog.guardFile(file);
// The watchdog removes it with the file of the host program.
for (const name of ["grep", "tr", "sleep"]) watchdog.guardFile(join(programs, name));
if (what === "release") {
  release();
  releaseFile();
  watchdog.close();
  rmSync(programs, { recursive: true });
}
process.on("message", (message) => {
  if (message === "ping") process.send?.("pong");
  else process.exit();
});
process.send?.(file, () => {
  if (what === "end") process.disconnect();
});

function makeScratch(): string {
  const scratch = scratchFolder("unit");
  mkdirSync(scratch, { recursive: true });
  return scratch;
}

async function startFamily(token: string, variables: Readonly<Record<string, string>>) {
  const agent = join(import.meta.dirname, "../../../agents/family.sh");
  const kinds = ["ignores-term", "daemon", "double-forked-daemon", "bare-environment", "bare-in-session"];
  const child = spawn("/bin/bash", [agent, token, "stubborn", ...kinds], {
    env: { PATH: process.env["PATH"] ?? "", ...variables },
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(child.stdout, "data");
  child.stdout.destroy();
  child.unref();
  return child;
}
