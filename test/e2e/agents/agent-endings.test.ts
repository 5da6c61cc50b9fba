import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createDeferred } from "../../../src/internal/deferred.js";
import { message, respond, stall } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";
import { agentKinds, agentScript, tokens } from "./agent-script.js";

// The endings of turns whose sub-agents work are in test/endings/agents.test.ts.

describe("a sub-agent that works when its turn completes", () => {
  it.each(agentKinds)("[S3] ends as interrupted, before the end of the turn (%s)", async (namespace, model) => {
    const asked = createDeferred<undefined>();
    const agent = () => {
      asked.resolve(undefined);
      return respond(stall());
    };
    const root = async () => {
      await asked.promise;
      return respond(message("Done."), tokens);
    };
    await using stand = await openRealCodex("app-server", agentScript({ namespace, root, agent }));
    const ended: string[] = [];
    for await (const event of stand.codex.startThread({ ...stand.thread, model }).runStreamed("Delegate")) {
      if (event.type === "codexkit.agent.completed") ended.push(event.status);
      if (event.type === "turn.completed") ended.push(`turn ${event.turn.status}`);
    }
    expect(ended).toEqual(["interrupted", "turn completed"]);
  });
});

describe("a sub-agent that starts while its turn is interrupted", () => {
  it.each(agentKinds)("[S3] ends, too (%s)", { timeout: 60_000 }, async (namespace, model) => {
    const agent = () => respond(stall());
    await using stand = await openRealCodex(
      "app-server",
      agentScript({ namespace, agent, root: () => respond(stall()) }),
    );
    const play = async (delayMs: number) => {
      const turn = stand.codex.startThread({ ...stand.thread, model }).runStreamed("Delegate");
      for await (const event of turn) {
        if (event.type !== "item.completed" || event.item.type !== "userMessage") continue;
        await delay(delayMs);
        break;
      }
    };
    await Promise.all([0, 20, 40, 60, 80, 100, 150, 200].map(play));
    await delay(500);
    const { data } = await stand.codex.appServer.request("thread/loaded/list", {});
    const read = async (threadId: string) => {
      const { thread } = await stand.codex.appServer.request("thread/read", { threadId });
      return thread.status.type;
    };
    expect(await Promise.all(data.map(read))).not.toContain("active");
  });
});
