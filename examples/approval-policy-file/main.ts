// Lets a JSON file decide what codex may do outside its sandbox.
//   npx tsx examples/approval-policy-file/main.ts [policy.json]
import { existsSync } from "node:fs";
import { Codex } from "codexkit";
import { readPolicy } from "./policy.js";

// "ask" ends here. A program with a terminal or a chat would ask a person (see approve-in-the-terminal).
const policy = await readPolicy(process.argv[2] ?? "codex-policy.json", (request) => {
  if (request.kind === "command") console.log("a person would be asked:", request.command);
  return { decision: "decline", reason: "nobody is there to ask" };
});

await using codex = new Codex({ onApproval: policy });
const turn = codex.startThread().runStreamed("See what has changed, push it, and clean up.");
for await (const event of turn) {
  if (event.type === "codexkit.approval.requested") console.log("\nasked for", event.request["command"]);
  if (event.type === "codexkit.approval.resolved") console.log(event.decision, "by", event.by, event.reason ?? "");
}
console.log(`\n${(await turn.result()).finalResponse ?? ""}`);

// `git status; touch slipped-through` begins with words that are allowed, but it is two commands: no rule for one fits it.
process.exitCode = existsSync("slipped-through") ? 1 : 0;
