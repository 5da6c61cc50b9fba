// Fixes a failing test and shows the progress.
//   npx tsx examples/fix-a-test/main.ts [folder]
import { Codex, type ThreadEvent, plainCommandOf } from "codexkit";

await using codex = new Codex();
const thread = codex.startThread({
  workingDirectory: process.argv[2] ?? ".",
  sandboxMode: "workspace-write", // allows changes in the folder, and no network
});

const turn = thread.runStreamed(
  "Run the tests with `node --test`, fix the code until they pass, and say what was wrong.",
);
for await (const event of turn) process.stdout.write(show(event));

const { status, usage } = await turn.result();
console.log(`\n\n${status}, ${usage.turn?.totalTokens ?? "?"} tokens`);

function show(event: ThreadEvent): string {
  switch (event.type) {
    case "item.agentMessage.delta":
      return event.delta;
    case "item.completed":
      if (event.item.type === "commandExecution")
        return `$ ${plainCommandOf(event.item)}\n  exit ${event.item.exitCode ?? "?"}\n`;
      if (event.item.type === "fileChange") return event.item.changes.map(({ path }) => `changed ${path}\n`).join("");
      return "";
    default:
      return "";
  }
}
