// The host program of auto-run-death.test.ts. It starts a run, or continues the run in its state file, and prints one line
// for the outcome. The environment contains its set-up as JSON. With `hangs...` it prints a line and hangs.
import { readFile, rename, writeFile } from "node:fs/promises";
import {
  type ApprovalDecision,
  type AutoRunCheckpoint,
  Codex,
  type CodexOptions,
  type RunHooks,
  type ThreadStartOptions,
  tool,
} from "../../../src/index.js";

export interface AutoRunProgramSetup {
  readonly codex: CodexOptions;
  readonly thread: ThreadStartOptions;
  readonly stateFile: string;
  /** Hangs after this turn, before it is judged. */
  readonly hangsAfterTurn?: number | undefined;
  /** Hangs when the run was left for an approval. */
  readonly hangsWhenLeft?: boolean | undefined;
  /** The thread has a tool that needs an approval. */
  readonly hasTool?: boolean | undefined;
  /** The decision for each open request, before the run continues. */
  readonly decides?: ApprovalDecision | undefined;
}

const setup = JSON.parse(process.env["AUTO_RUN_PROGRAM_SETUP"] ?? "{}") as AutoRunProgramSetup;
const { stateFile, hangsAfterTurn, hangsWhenLeft = false, hasTool = false, decides } = setup;
const decidedBy: string[] = [];
const hooks: RunHooks = {
  onApprovalResolved: ({ resolution }) => decidedBy.push(`${resolution?.decision} by ${resolution?.by}`),
};
const options = {
  hooks,
  // Written as a whole: the program can be killed at any time.
  checkpoint: async (state: AutoRunCheckpoint) => {
    await writeFile(`${stateFile}.new`, JSON.stringify(state));
    await rename(`${stateFile}.new`, stateFile);
  },
  until: async (result: { readonly finalResponse: string | null }, { turns }: { readonly turns: number }) => {
    if (turns === hangsAfterTurn) await hang("waiting");
    return result.finalResponse === "done";
  },
};

const publish = tool({
  name: "publish",
  description: "Publishes the package.",
  parameters: { type: "object", properties: { to: { type: "string" } }, required: ["to"], additionalProperties: false },
  needsApproval: true,
  execute: ({ to }) => `published ${to}`,
});
const threadOptions: ThreadStartOptions = {
  ...setup.thread,
  ...(hasTool ? { tools: [publish] } : {}),
  ...(hasTool || setup.codex.transport !== "exec" ? { onApproval: () => ({ decision: "defer" }) as const } : {}),
};

await using codex = new Codex(setup.codex);
const saved = await readFile(stateFile, "utf8").then(
  (text) => JSON.parse(text) as AutoRunCheckpoint,
  () => null,
);
const thread = saved === null ? codex.startThread(threadOptions) : codex.resumeThread(saved, threadOptions);
const waited = thread.interruptions.list();
for (const interruption of waited)
  if (decides !== undefined && decides.decision !== "defer") interruption.decide(decides);
const result = saved === null ? await thread.runAuto("Count to three", options) : await thread.resumeAuto(options);
if (hangsWhenLeft && result.stopReason === "approval") await hang("left");
const { stopReason, turns, attempts, usage, threadId, interruptions } = result;
const requests = interruptions.map(({ request }) => request);
console.log(
  JSON.stringify({ stopReason, turns, attempts, usage, threadId, requests, decidedBy, waited: waited.length }),
);

async function hang(word: string): Promise<void> {
  console.log(word);
  await new Promise((resolve) => setTimeout(resolve, 600_000));
}
