// Asks at the terminal before a command leaves the sandbox.
//   npx tsx examples/approve-in-the-terminal/main.ts
import { Codex } from "codexkit";
import { approveAt } from "./approve.js";

await using codex = new Codex({
  onApproval: approveAt({ input: process.stdin, output: process.stderr }),
  approvalTimeoutMs: 120_000, // what nobody has decided by then is declined
});

// In a read-only sandbox nothing can be written, unless you say yes.
const turn = codex.startThread({ sandboxMode: "read-only" }).runStreamed("Write the date into today.txt.");
for await (const event of turn) {
  if (event.type === "codexkit.approval.resolved") console.log(event.kind, event.decision, event.reason ?? "");
}
console.log((await turn.result()).finalResponse);
