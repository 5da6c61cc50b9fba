// Runs eight threads at once. They share one codex process, and a failed thread does not affect the others.
//   npx tsx examples/many-threads/main.ts
import { Codex, CodexError } from "codexkit";

const questions = [
  "What does this project do?",
  "Which files matter most?",
  "Which parts have no test?",
  "What would a newcomer stumble over?",
  "Which names are unclear?",
  "Where are errors swallowed?",
  "What is written twice?",
  "What can be deleted?",
];

await using codex = new Codex();
await codex.ready(); // optional: starts codex now, so that the first turn does not wait for it

const outcomes = await Promise.allSettled(
  questions.map((question) =>
    codex.startThread({ ephemeral: true }).run(`${question} Answer in one sentence.`, { timeoutMs: 300_000 }),
  ),
);

for (const [index, outcome] of outcomes.entries()) {
  console.log(`\n${questions[index] ?? ""}`);
  if (outcome.status === "fulfilled") console.log(`  ${outcome.value.finalResponse ?? "(no answer)"}`);
  else console.log(`  failed: ${CodexError.isInstance(outcome.reason) ? outcome.reason.code : String(outcome.reason)}`);
}
process.exitCode = outcomes.every(({ status }) => status === "fulfilled") ? 0 : 1;
