// Uses rules from a JSON file for the requests of codex.
//   npx tsx examples/approval-policy-file/main.ts [policy.json]
import { existsSync } from "node:fs";
import { Codex, plainCommandOf } from "codexkit";
import { readPolicy } from "./policy.js";

// Verdict `ask`: a program with a terminal or a chat would ask a person (see approve-in-the-terminal).
const policy = await readPolicy(process.argv[2] ?? "codex-policy.json", (request) => {
  if (request.kind === "command") console.log("a person would be asked:", request.command);
  return { decision: "decline", reason: "nobody is there to ask" };
});

await using codex = new Codex({ onApproval: policy });
const turn = codex.startThread().runStreamed("See if the service is running, push the changes, and clean up.");
for await (const event of turn) {
  if (event.type === "codexkit.approval.requested" && event.request.kind === "command")
    console.log("\nasked for", plainCommandOf(event.request));
  if (event.type === "codexkit.approval.resolved") console.log(event.decision, "by", event.by, event.reason ?? "");
}
console.log(`\n${(await turn.result()).finalResponse ?? ""}`);

// `/bin/ps -e; touch slipped-through` begins with the allowed words, but it is two commands, so no rule allows it.
process.exitCode = existsSync("slipped-through") ? 1 : 0;
