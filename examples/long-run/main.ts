// Resumes a run of several turns after a crash. The state of the run is in a file, and the restarted program continues
// from it. For demonstration, the program first starts itself with `--crash`, which ends by SIGKILL after its first
// turn.
//   npx tsx examples/long-run/main.ts
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type AutoRunCheckpoint, type AutoRunOptions, Codex } from "codexkit";

const file = "run.json";
const crashes = process.argv.includes("--crash");

const options: AutoRunOptions = {
  maxTurns: 6,
  // The program checks the goal itself instead of trusting the model.
  until: async (_result, { turns }) => {
    const steps = (await readFile("steps.txt", "utf8").catch(() => "")).trim().split("\n");
    if (crashes && turns === 1) process.kill(process.pid, "SIGKILL");
    return steps.length >= 3 || { done: false, input: `steps.txt has ${steps.length} of 3 steps. Do the next one.` };
  },
  // Writes a new file and renames it: the program may be killed at any moment.
  checkpoint: async (state) => {
    await writeFile(`${file}.new`, JSON.stringify(state));
    await rename(`${file}.new`, file);
  },
  hooks: {
    onRunStart: ({ resumed }) => console.log(resumed ? "goes on with the run" : "begins a run"),
    onTurnStart: ({ turn, reason }) => console.log(`turn ${turn}, for ${reason}`),
  },
};

if (!crashes && !existsSync(file)) {
  const { signal } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), "--crash"], {
    stdio: "inherit",
  });
  console.log(`the first process ended by ${signal}`);
}

await using codex = new Codex();
const saved = await readFile(file, "utf8").then(
  (text) => JSON.parse(text) as AutoRunCheckpoint,
  () => null,
);
const result =
  saved === null
    ? await codex
        .startThread({ sandboxMode: "workspace-write" })
        .runAuto("Write three steps into steps.txt, one a turn, a line each.", options)
    : await codex.resumeThread(saved).resumeAuto(options);
await rm(file, { force: true });
const { stopReason, turns, usage } = result;
console.log(`${stopReason} after ${turns.length} turns and ${usage.run?.totalTokens ?? "?"} tokens`);
