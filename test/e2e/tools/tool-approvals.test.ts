import { describe, expect, it } from "vitest";
import type { ApprovalDecision } from "../../../src/approvals/approval-decision.js";
import { allow } from "../../../src/approvals/rules/approval-rule.js";
import { match } from "../../../src/approvals/rules/match.js";
import { type ThreadEvent, tool } from "../../../src/index.js";
import { functionCall, message, type ModelRequest, respond } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

type Transport = (typeof transports)[number];

async function play(transport: Transport, onApproval: ApprovalDecision | ReturnType<typeof allow> | null) {
  let ran = 0;
  const deploy = tool({
    name: "deploy",
    description: "Deploys",
    parameters: { type: "object", properties: { to: { type: "string" } }, required: ["to"] },
    needsApproval: true,
    execute: () => {
      ran += 1;
      return "deployed";
    },
  });
  const outputs: (string | undefined)[] = [];
  // On exec the tools are served by codexkit's own MCP server.
  const server = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
  const call = (callId: string) => respond(functionCall("deploy", { to: "prod" }, { callId, ...server }));
  const steps = [
    call("one"),
    (request: ModelRequest) => {
      outputs.push(request.output("one")?.replace(/^Wall time: .*\nOutput:\n/, ""));
      return call("two");
    },
    respond(message("Done.")),
  ];
  await using stand = await openRealCodex(transport, steps);
  let asked = 0;
  const handler = (): ApprovalDecision => {
    asked += 1;
    return onApproval !== null && "decision" in onApproval ? onApproval : { decision: "decline" };
  };
  const given = onApproval === null ? {} : { onApproval: "decision" in onApproval ? handler : onApproval };
  const events: ThreadEvent[] = [];
  const thread = stand.codex.startThread({ ...stand.thread, ...given, tools: [deploy] });
  for await (const event of thread.runStreamed("Deploy")) events.push(event);
  const end = events.find((event) => event.type === "turn.completed");
  const by = events.flatMap((event) => (event.type === "codexkit.approval.resolved" ? [event.by] : []));
  return { ran, asked, output: outputs[0], status: end?.turn.status, by };
}

describe.each(transports)("on %s", (transport) => {
  it("[A2.5] a host tool that needs approval: accept runs it once, for the session without asking again", async () => {
    expect(await play(transport, { decision: "accept" })).toMatchObject({
      ran: 2,
      asked: 2,
      by: ["handler", "handler"],
    });
    expect(await play(transport, { decision: "acceptForSession" })).toMatchObject({
      ran: 2,
      asked: 1,
      by: ["handler", "stored"],
    });
    expect(await play(transport, match({ tool: "deploy" }, allow()))).toMatchObject({ ran: 2, by: ["rule", "rule"] });
  });

  it("[A2.5] a declined host tool does not run: the model receives the reason, the turn continues", async () => {
    const declined = await play(transport, { decision: "decline", reason: "It is Friday" });
    expect(declined).toMatchObject({ ran: 0, status: "completed" });
    expect(declined.output).toBe("The call of `deploy` was declined: It is Friday");
    expect(await play(transport, null)).toMatchObject({ ran: 0, status: "completed", by: ["default", "default"] });
  });

  it("[A2.5] cancelling a host tool ends the turn", async () => {
    expect(await play(transport, { decision: "cancel" })).toMatchObject({ ran: 0, asked: 1, status: "interrupted" });
  });
});
