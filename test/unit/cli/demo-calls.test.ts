import { expect, test } from "vitest";
import { createCallLog } from "../../../src/cli/demo/demo-calls.js";
import { createTicketTools } from "../../../src/cli/demo/demo-tickets.js";
import { demoRules } from "../../../src/cli/demo/demo-rules.js";
import type { ApprovalRequest, ThreadEvent } from "../../../src/index.js";
import { hostTool } from "../approvals/sample-requests.js";

const at = { threadId: "t1", turnId: "u1" } as const;
const call = { ...at, callId: "c1", tool: "close_ticket", namespace: null } as const;
const approval = { ...at, approvalId: "a1", kind: "tool", itemId: "c1" } as const;

const events: readonly ThreadEvent[] = [
  { type: "codexkit.tool.started", ...call },
  { type: "codexkit.approval.requested", ...approval, request: hostTool("close_ticket", { arguments: { id: 7 } }) },
  { type: "codexkit.approval.resolved", ...approval, decision: "accept", by: "rule", reason: "fine", ms: 1 },
  { type: "codexkit.tool.completed", ...call, outcome: "success", message: null, ms: 2.6 },
];

test("the log of a demo lists each call and each approval once, in its latest state", () => {
  const log = createCallLog();
  for (const event of events.slice(0, 2)) log.add(event);
  const subject = 'the tool close_ticket({"id":7})';
  expect(log.tools).toEqual([{ tool: "close_ticket", outcome: null, ms: null }]);
  expect(log.approvals).toEqual([{ kind: "tool", subject, decision: null, by: null, reason: null }]);
  for (const event of events.slice(2)) log.add(event);
  expect(log.tools).toEqual([{ tool: "close_ticket", outcome: "success", ms: 3 }]);
  expect(log.approvals).toEqual([{ kind: "tool", subject, decision: "accept", by: "rule", reason: "fine" }]);
});

test("the demo's rules allow the commit and the end of the ticket, and deny commands that only begin like them", () => {
  const base = { id: "a", ...at, itemId: null, reason: null, requestedAt: 0 };
  const command = (line: string): ApprovalRequest => ({
    ...base,
    kind: "command",
    command: `/bin/bash -c ${JSON.stringify(line)}`,
    actions: [],
    workingDirectory: "/work",
    threadDirectory: "/work",
    action: "command",
    network: null,
    additionalPermissions: null,
    proposedAmendment: null,
    proposedBy: null,
  });
  const tool = (name: string): ApprovalRequest => ({
    ...base,
    kind: "tool",
    tool: name,
    namespace: null,
    callId: "c1",
    arguments: {},
  });
  const verdict = (request: ApprovalRequest): string => demoRules.decide(request).kind;
  expect(verdict(command("git commit --all --message 'Count the first number, too'"))).toBe("allow");
  expect(verdict(command("git commit --all --message 'Fixed'"))).toBe("deny");
  expect(verdict(command("git commit --all; touch x"))).toBe("deny");
  expect(verdict(command("git push"))).toBe("deny");
  expect(verdict(tool("close_ticket"))).toBe("allow");
  expect(verdict(tool("read_ticket"))).toBe("deny");
});

test("the demo has a tool that reads, and one that needs an approval", () => {
  const tools = createTicketTools().map(({ name, needsApproval }) => ({ name, needsApproval }));
  expect(tools).toEqual([
    { name: "read_ticket", needsApproval: false },
    { name: "close_ticket", needsApproval: true },
  ]);
});
