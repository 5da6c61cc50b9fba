import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { ApprovalHandler } from "../../../src/approvals/approval-decision.js";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import type { ThreadEvent } from "../../../src/index.js";
import { addFile, functionCall, message, patch, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";
import { agentKinds, agentScript, spawn, tokens } from "./agent-script.js";

const touch = (name: string) => shell(`touch ${name}`, { escalate: true, justification: "May I?" });
const write = patch([addFile("made", "hello\n")]);

/** Accepts every request and keeps it. */
function createHandler(): { readonly asked: ApprovalRequest[]; readonly onApproval: ApprovalHandler } {
  const asked: ApprovalRequest[] = [];
  return {
    asked,
    onApproval: (request) => {
      asked.push(request);
      return { decision: "accept" };
    },
  };
}

const agentOf = (events: readonly ThreadEvent[]) => events.find((event) => event.type === "codexkit.agent.started");

describe.each(agentKinds)("a request of a sub-agent (%s)", (namespace, model) => {
  it("[S1] of a command reaches the turn's handler, which learns the agent, and runs if it is accepted", async () => {
    const agent = (step: number) => (step === 0 ? respond(touch("made"), tokens) : respond(message("Seen."), tokens));
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const { asked, onApproval } = createHandler();
    const thread = stand.codex.startThread({ ...stand.thread, model, onApproval });
    const events: ThreadEvent[] = [];
    for await (const event of thread.runStreamed("Delegate")) events.push(event);
    const started = agentOf(events);
    expect(started).toMatchObject({ threadId: thread.id, parentThreadId: thread.id });
    expect(asked).toMatchObject([
      {
        kind: "command",
        threadId: started?.agentThreadId,
        parentThreadId: thread.id,
        agentPath: namespace === "collaboration" ? "/root/kid" : null,
        threadDirectory: stand.workTree,
      },
    ]);
    expect(await readdir(stand.workTree)).toEqual(["made"]);
    const resolved = events.find((event) => event.type === "codexkit.approval.resolved");
    expect(resolved).toMatchObject({ decision: "accept", by: "handler", threadId: started?.agentThreadId });
    expect(events.at(-1)).toMatchObject({ type: "turn.completed", threadId: thread.id });
  });

  it("[S1] of a patch shows its diff", async () => {
    const agent = (step: number) => (step === 0 ? respond(write, tokens) : respond(message("Seen."), tokens));
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const { asked, onApproval } = createHandler();
    await stand.codex.startThread({ ...stand.thread, model, onApproval }).run("Delegate");
    expect(asked).toMatchObject([{ kind: "fileChange", changes: [{ diff: "hello\n", kind: { type: "add" } }] }]);
    expect(await readdir(stand.workTree)).toEqual(["made"]);
  });

  it("[S1] is declined without a handler, and an event shows it", async () => {
    const agent = (step: number) => (step === 0 ? respond(touch("made"), tokens) : respond(message("Seen."), tokens));
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const options = { ...stand.thread, model, approvalPolicy: "on-request" } as const;
    const events: ThreadEvent[] = [];
    for await (const event of stand.codex.startThread(options).runStreamed("Delegate")) events.push(event);
    const resolved = events.find((event) => event.type === "codexkit.approval.resolved");
    expect(resolved).toMatchObject({ decision: "decline", by: "default", threadId: agentOf(events)?.agentThreadId });
    expect(await readdir(stand.workTree)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: "turn.completed", turn: { status: "completed" } });
  });

  it("[S1] reaches the handler of its own turn if two turns run at once", async () => {
    const agent = (step: number, { threadId }: { readonly threadId: string | null }) =>
      step === 0 ? respond(touch(threadId ?? ""), tokens) : respond(message("Seen."), tokens);
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const turns = [createHandler(), createHandler()].map(({ asked, onApproval }) => ({
      asked,
      thread: stand.codex.startThread({ ...stand.thread, model, onApproval }),
    }));
    await Promise.all(turns.map(({ thread }) => thread.run("Delegate")));
    for (const { asked, thread } of turns) expect(asked).toMatchObject([{ parentThreadId: thread.id }]);
    expect(await readdir(stand.workTree)).toHaveLength(2);
  });
});

describe("a sub-agent of a sub-agent", () => {
  it("[S1] asks the turn's handler, with its own place in the tree", async () => {
    const namespace = "collaboration";
    const agent = (step: number) => {
      if (step === 0) return respond(spawn(namespace, "deep"), tokens);
      if (step > 1) return respond(message("Seen."), tokens);
      return respond(functionCall("wait_agent", { timeout_ms: 30_000 }, { namespace }), tokens);
    };
    const grandchild = (step: number) =>
      step === 0 ? respond(touch("made"), tokens) : respond(message("Seen."), tokens);
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent, grandchild }));
    const { asked, onApproval } = createHandler();
    const thread = stand.codex.startThread({ ...stand.thread, model: "gpt-6.1-sol", onApproval });
    const events: ThreadEvent[] = [];
    for await (const event of thread.runStreamed("Delegate")) events.push(event);
    const started = events.flatMap((event) => (event.type === "codexkit.agent.started" ? [event] : []));
    expect(started.map(({ agentPath }) => agentPath)).toEqual(["/root/kid", "/root/kid/deep"]);
    expect(asked).toMatchObject([
      {
        agentPath: "/root/kid/deep",
        threadId: started[1]?.agentThreadId,
        parentThreadId: started[0]?.agentThreadId,
      },
    ]);
    expect(await readdir(stand.workTree)).toEqual(["made"]);
  });
});
