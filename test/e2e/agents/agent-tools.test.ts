import { describe, expect, it } from "vitest";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import { type AnyTool, type Thread, type ThreadEvent, tool } from "../../../src/index.js";
import { functionCall, message, type ModelRequest, respond } from "../../../src/testing/index.js";
import { openRealCodex, type RealCodex } from "../real-codex.js";
import { agentKinds, agentScript, type AgentNamespace, tokens } from "./agent-script.js";

/** The calls of the tool `look_up`, by the thread of the caller. */
function lookUp(description = "Looks something up"): { readonly calls: string[]; readonly tools: readonly AnyTool[] } {
  const calls: string[] = [];
  const made = tool({
    name: "look_up",
    description,
    parameters: { type: "object", properties: {} },
    needsApproval: true,
    execute: (_, { threadId }) => {
      calls.push(threadId);
      return "found";
    },
  });
  return { calls, tools: [made] };
}

/** An agent that calls the tool. `output` is the result that its model receives. */
function caller(namespace?: string) {
  const seen = { output: "" };
  const agent = (step: number, { outputs }: ModelRequest) => {
    if (step === 0) return respond(functionCall("look_up", {}, namespace === undefined ? {} : { namespace }), tokens);
    seen.output = outputs.at(-1)?.text ?? "";
    return respond(message("Seen."), tokens);
  };
  return { seen, agent };
}

/** Accepts every request and keeps it. */
function accepting() {
  const asked: ApprovalRequest[] = [];
  const onApproval = (request: ApprovalRequest) => {
    asked.push(request);
    return { decision: "accept" as const };
  };
  return { asked, onApproval };
}

async function eventsOf(thread: Thread): Promise<readonly ThreadEvent[]> {
  const events: ThreadEvent[] = [];
  for await (const event of thread.runStreamed("Delegate")) events.push(event);
  return events;
}

/** The thread of the sub-agent, as the model saw it. */
function agentIdOf({ model }: RealCodex, thread: Thread): string | null {
  return model.requests.find(({ threadId }) => threadId !== thread.id)?.threadId ?? null;
}

const pathOf = (namespace: AgentNamespace) => (namespace === "collaboration" ? "/root/kid" : null);

describe.concurrent("a sub-agent on app-server", () => {
  const forks = [
    ["calls host tools, with its own thread id", "collaboration", "gpt-6.1-sol", {}],
    [
      "without history lacks host tools, and a warning reports it",
      "collaboration",
      "gpt-6.1-sol",
      { fork_turns: "none" },
    ],
    ["of the older kind lacks host tools, and a warning reports it", "multi_agent_v1", "gpt-5.5", {}],
    [
      "of the older kind calls host tools if it inherits the history",
      "multi_agent_v1",
      "gpt-5.5",
      { fork_context: true },
    ],
  ] as const;
  it.each(forks)("[S4] %s", async (title, namespace, model, fork) => {
    const served = title.includes("calls");
    const { seen, agent } = caller();
    await using stand = await openRealCodex("app-server", agentScript({ namespace, fork, agent }));
    const { calls, tools } = lookUp();
    const { asked, onApproval } = accepting();
    const thread = stand.codex.startThread({ ...stand.thread, model, tools, onApproval });
    const events = await eventsOf(thread);
    const threadId = agentIdOf(stand, thread);
    expect(calls).toEqual(served ? [threadId] : []);
    const agentPath = pathOf(namespace);
    expect(asked).toMatchObject(served ? [{ kind: "tool", threadId, parentThreadId: thread.id, agentPath }] : []);
    expect(seen.output).toContain(served ? "found" : "unsupported call");
    const warnings = events.flatMap((event) => (event.type === "codexkit.warning" ? [event.code] : []));
    expect(warnings).toEqual(served ? [] : ["AGENT_WITHOUT_TOOLS"]);
  });

  it.each(agentKinds)(
    "[S4] calls the changed tools of a resumed thread, with its own thread id (%s)",
    async (namespace, model) => {
      const { seen, agent } = caller("mcp__codexkit");
      await using stand = await openRealCodex("app-server", []);
      stand.model.add(respond(message("Hello.")));
      const options = { ...stand.thread, model };
      const first = stand.codex.startThread({ ...options, tools: lookUp().tools });
      await first.run("Hello");
      await first.close();
      stand.model.add(...agentScript({ namespace, agent }));
      const { calls, tools } = lookUp("Looks something else up");
      const { asked, onApproval } = accepting();
      const thread = stand.codex.resumeThread(first.toJSON(), { ...options, tools, onApproval });
      await eventsOf(thread);
      const threadId = agentIdOf(stand, thread);
      expect(seen.output).toContain("found");
      expect(calls).toEqual([threadId]);
      expect(asked).toMatchObject([{ threadId, parentThreadId: thread.id, agentPath: pathOf(namespace) }]);
    },
  );
});

describe.concurrent("a sub-agent on exec", () => {
  it.each(agentKinds)("[S4] calls host tools, with its own thread id (%s)", async (namespace, model) => {
    const { seen, agent } = caller("mcp__codexkit");
    await using stand = await openRealCodex("exec", agentScript({ namespace, agent }));
    const { calls, tools } = lookUp();
    const { asked, onApproval } = accepting();
    const thread = stand.codex.startThread({ ...stand.thread, model, tools, onApproval });
    await eventsOf(thread);
    const threadId = agentIdOf(stand, thread);
    expect(seen.output).toContain("found");
    expect(calls).toEqual([threadId]);
    expect(asked).toMatchObject([{ threadId, parentThreadId: thread.id, agentPath: null }]);
  });
});
