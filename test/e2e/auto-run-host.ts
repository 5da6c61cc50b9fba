// The host of auto-run-death.test.ts, a program of its own: it begins a run, or goes on with the one in its state file, and
// prints the result. Its set-up comes by the environment, as JSON. Where it is told to, it hangs between two turns.
import { readFile, rename, writeFile } from "node:fs/promises";
import { Codex, type CodexOptions, type ThreadStartOptions } from "../../src/index.js";
import type { AutoRunCheckpoint } from "../../src/thread/auto-run/auto-run-options.js";
import { createAutoRun, resumeAutoRun } from "../../src/thread/auto-run/create-auto-run.js";
import { toPort } from "./auto-run-port.js";

export interface AutoRunHostSetup {
  readonly codex: CodexOptions;
  readonly thread: ThreadStartOptions;
  readonly stateFile: string;
  readonly hangsAfterTurn: number | null;
}

const setup = JSON.parse(process.env["AUTO_RUN_HOST_SETUP"] ?? "{}") as AutoRunHostSetup;
const { stateFile, hangsAfterTurn } = setup;
const options = {
  // Whole or not at all, as a host that may be killed at any moment has to.
  checkpoint: async (state: AutoRunCheckpoint) => {
    await writeFile(`${stateFile}.new`, JSON.stringify(state));
    await rename(`${stateFile}.new`, stateFile);
  },
  until: async (result: { readonly finalResponse: string | null }, { turns }: { readonly turns: number }) => {
    if (turns === hangsAfterTurn) {
      console.log("waiting");
      await new Promise((resolve) => setTimeout(resolve, 600_000));
    }
    return result.finalResponse === "done";
  },
};

await using codex = new Codex(setup.codex);
const saved = await readFile(stateFile, "utf8").then(
  (text) => JSON.parse(text) as AutoRunCheckpoint,
  () => null,
);
const run =
  saved === null
    ? createAutoRun(toPort(codex.startThread(setup.thread)), "Count to three", options)
    : resumeAutoRun(toPort(codex.resumeThread(saved, setup.thread)), saved.run, options);
const { stopReason, turns, attempts, usage, threadId } = await run.result();
console.log(JSON.stringify({ stopReason, turns, attempts, usage, threadId }));
