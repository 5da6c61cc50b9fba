// Runs one client in its own process, to measure its memory and CPU time separately.
import { answerCalls } from "../clients/answer-calls.js";
import { createBareClient } from "../clients/bare.js";
import { createBareExecClient } from "../clients/bare-exec.js";
import type { Client, ClientThread } from "../clients/client.js";
import { createCodexkitClient } from "../clients/codexkit.js";
import { createOfficialClient } from "../clients/official.js";
import type { ClientSettings, TurnTimes } from "../stage/bench-client.js";

type Call =
  | { readonly op: "open"; readonly threads: number }
  | { readonly op: "turns"; readonly count: number }
  | { readonly op: "close" };

const settings = JSON.parse(process.argv[2] ?? "") as ClientSettings;
const client = await createClient();
let threads: ClientThread[] = [];

// Also runs if the benchmark itself was stopped: no process of codex remains.
process.on("disconnect", () => void client.close().finally(() => process.exit()));

answerCalls(async (received) => {
  const call = received as Call;
  switch (call.op) {
    case "open":
      threads = Array.from({ length: call.threads }, () => client.openThread());
      return {};
    case "turns":
      return runTurns(call.count);
    case "close":
      await client.close();
      return {};
  }
});

async function createClient(): Promise<Client> {
  switch (settings.client) {
    case "bare":
      return createBareClient(settings);
    case "bare-exec":
      return createBareExecClient(settings);
    case "codexkit":
      return createCodexkitClient(settings, "app-server");
    case "codexkit-exec":
      return createCodexkitClient(settings, "exec");
    case "official":
      return createOfficialClient(settings);
  }
}

async function runTurns(count: number): Promise<TurnTimes> {
  const turnMs: number[] = [];
  const cpu = process.cpuUsage();
  const started = performance.now();
  const runOn = async (thread: ClientThread): Promise<void> => {
    for (let turn = 0; turn < count; turn += 1) {
      const begun = performance.now();
      const answer = await thread.turn("Say some words");
      turnMs.push(performance.now() - begun);
      if (!answer.startsWith("word 0 "))
        throw new Error(`The answer of the model is missing: "${answer.slice(0, 80)}"`);
    }
  };
  await Promise.all(threads.map(runOn));
  const wholeMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wholeMs, turnMs, cpuMs: (user + system) / 1000 };
}
