// Defers the requests of codex, and decides them over HTTP: by a page, a chat bot, or curl.
//   npx tsx examples/approve-over-http/main.ts
import { setTimeout as wait } from "node:timers/promises";
import { Codex, plainCommandOf } from "codexkit";
import { serveApprovals } from "./approval-server.js";

// A deferred request stays in `thread.interruptions`, without a deadline.
await using codex = new Codex({ onApproval: () => ({ decision: "defer" }) });
const thread = codex.startThread({ sandboxMode: "read-only" });
const server = await serveApprovals(thread.interruptions);
const headers = { authorization: `Bearer ${server.token}` };

const turn = thread.runStreamed("Write a file done.txt, and then one called secret.txt.");
for await (const event of turn) {
  if (event.type === "codexkit.approval.requested") {
    if (event.request.kind === "command") console.log("waits:", plainCommandOf(event.request));
    if (process.stdin.isTTY) explain(event.approvalId);
    else void review(event.approvalId);
  }
  if (event.type === "codexkit.approval.resolved") console.log(event.decision, event.reason ?? "");
}
server.close();
console.log((await turn.result()).finalResponse);

function explain(id: string): void {
  console.log(`  curl -H 'authorization: Bearer ${server.token}' ${server.url}`);
  console.log(`  curl -H 'authorization: Bearer ${server.token}' -d '{"decision":"accept"}' ${server.url}/${id}`);
}

/** Imitates the page or the bot, because no person is present in this program. */
async function review(id: string): Promise<void> {
  for (;;) {
    const pending = (await (await fetch(server.url, { headers })).json()) as { id: string; command: string }[];
    const request = pending.find((waiting) => waiting.id === id);
    if (request === undefined) {
      await wait(50);
      continue;
    }
    const isFine = !request.command.includes("secret");
    const decision = isFine ? { decision: "accept" } : { decision: "decline", reason: "that one is secret" };
    await fetch(`${server.url}/${id}`, { method: "POST", headers, body: JSON.stringify(decision) });
    return;
  }
}
