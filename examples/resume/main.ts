// Saves a thread to a file and resumes it in another client, as another process would.
//   npx tsx examples/resume/main.ts
import { readFile, writeFile } from "node:fs/promises";
import { Codex, type ThreadState } from "codexkit";

const file = "thread.json";

async function firstDay(): Promise<void> {
  await using codex = new Codex();
  const thread = codex.startThread();
  const { finalResponse } = await thread.run("Choose a name for a ship and tell me.");
  console.log("first day:", finalResponse);
  // The file contains the id, the options without secrets, and the tokens used so far.
  await writeFile(file, JSON.stringify(thread, null, 2));
}

async function secondDay(): Promise<void> {
  await using codex = new Codex();
  const state = JSON.parse(await readFile(file, "utf8")) as ThreadState;
  const { finalResponse, usage } = await codex.resumeThread(state).run("Which name was it?");
  console.log("second day:", finalResponse);
  console.log(`${usage.turn?.totalTokens ?? "?"} tokens today, ${usage.thread?.totalTokens ?? "?"} in all`);
}

await firstDay();
await secondDay();
