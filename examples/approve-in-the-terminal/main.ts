// Asks in the terminal before a command runs outside the sandbox.
//   npx tsx examples/approve-in-the-terminal/main.ts
import { Codex } from "codexkit";
import { approveAt } from "./approve.js";

await using codex = new Codex({
  onApproval: approveAt({ input: process.stdin, output: process.stderr }),
  approvalTimeoutMs: 120_000, // requests without a decision are declined after this time
});

// The sandbox is read-only: commands can write only if you accept them.
const turn = codex.startThread({ sandboxMode: "read-only" }).runStreamed("Write the date into today.txt.");
for await (const event of turn) {
  if (event.type === "codexkit.approval.resolved") console.log(event.kind, event.decision, event.reason ?? "");
}
console.log((await turn.result()).finalResponse);
