import { describe, expect, it } from "vitest";
import type { ThreadEvent } from "../../../src/index.js";
import { message, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";
import { agentKinds, agentScript, tokens } from "./agent-script.js";

/** An agent with two requests. */
const agent = (step: number) => (step === 0 ? respond(shell("true"), tokens) : respond(message("Seen."), tokens));

/** The usage of that many scripted requests. */
const requests = (count: number) => ({
  inputTokens: 100 * count,
  cachedInputTokens: 40 * count,
  outputTokens: 20 * count,
  reasoningOutputTokens: 6 * count,
  totalTokens: 120 * count,
});

describe.each(agentKinds)("a turn with a sub-agent (%s)", (namespace, model) => {
  it("[S2] reports the agent's tokens in `usage.agents`, and the sum in `usage.total`", async () => {
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const thread = stand.codex.startThread({ ...stand.thread, model });
    const first = await thread.run("Delegate");
    expect(first.usage).toMatchObject({
      turn: requests(3),
      thread: requests(3),
      agents: requests(2),
      total: requests(5),
    });
    const second = await thread.run("Go on");
    expect(second.usage).toMatchObject({ turn: requests(1), thread: requests(4) });
    expect(second.usage).not.toHaveProperty("agents");
    expect(second.usage).not.toHaveProperty("total");
  });

  it("[S2] adds the agents' tokens of all turns of a run in `usage.agents`, and the sum with the run in `usage.total`", async () => {
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const thread = stand.codex.startThread({ ...stand.thread, model });
    const { usage } = await thread.runAuto("Delegate", { until: (_, { turns }) => turns === 2 });
    expect(usage).toMatchObject({ run: requests(4), agents: requests(2), total: requests(6), thread: requests(4) });
    const later = await thread.runAuto("Go on");
    expect(later.usage).toMatchObject({ run: requests(1) });
    expect(later.usage).not.toHaveProperty("agents");
    expect(later.usage).not.toHaveProperty("total");
  });

  it("[S2] emits the start and the end of the agent, and none of its events or items", async () => {
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const thread = stand.codex.startThread({ ...stand.thread, model });
    const events: ThreadEvent[] = [];
    const turn = thread.runStreamed("Delegate");
    for await (const event of turn) events.push(event);
    const own = events.filter((event) => event.type.startsWith("codexkit.agent."));
    const about = {
      threadId: thread.id,
      turnId: turn.id,
      parentThreadId: thread.id,
      agentPath: namespace === "collaboration" ? "/root/kid" : null,
    };
    expect(own).toMatchObject([
      { type: "codexkit.agent.started", ...about },
      { type: "codexkit.agent.completed", ...about, status: "completed", usage: requests(2), message: null },
    ]);
    expect(events.filter((event) => event.threadId !== thread.id)).toEqual([]);
    const { items, finalResponse } = await turn.result();
    expect(items.some(({ type }) => type === "commandExecution")).toBe(false);
    expect(finalResponse).toBe("Done.");
  });

  it("[S2] emits the agent's events with `agentEvents`, each marked with the agent", async () => {
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const thread = stand.codex.startThread({ ...stand.thread, model });
    const events: ThreadEvent[] = [];
    const turn = thread.runStreamed("Delegate", { agentEvents: true });
    for await (const event of turn) events.push(event);
    const inner = events.flatMap((event) => (event.type === "codexkit.agent.event" ? [event] : []));
    const types = inner.map(({ event }) => event.type);
    expect(types.filter((type) => type === "turn.started" || type === "turn.completed")).toEqual([
      "turn.started",
      "turn.completed",
    ]);
    expect(inner.some(({ event }) => event.type === "item.completed" && event.item.type === "commandExecution")).toBe(
      true,
    );
    for (const { agentThreadId, event } of inner) expect(event.threadId).toBe(agentThreadId);
    expect((await turn.result()).items.some(({ type }) => type === "commandExecution")).toBe(false);
  });

  it("[S2] on exec reports no total, because the wire has none of the agent", async () => {
    await using stand = await openRealCodex("exec", agentScript({ namespace, agent }));
    const { usage } = await stand.codex.startThread({ ...stand.thread, model }).run("Delegate");
    expect(usage.turn).toMatchObject({ inputTokens: 300, outputTokens: 60 });
    expect(usage).not.toHaveProperty("agents");
    expect(usage).not.toHaveProperty("total");
  });
});
