import { describe, expect, it } from "vitest";
import { decodeNotification, type ServerEvent } from "../../../src/protocol/index.js";
import type { RunningAgent } from "../../../src/transport/app-server/agent-registry.js";
import { EventRouter } from "../../../src/transport/app-server/event-router.js";
import type { TurnMessage } from "../../../src/transport/transport.js";

/** The message of a turn of `threadId` that works for the turn `root`. */
function started(threadId: string, turnId: string, root: string): TurnMessage {
  const turn = { id: turnId, rootTurnId: root, items: [], itemsView: "notLoaded", status: "inProgress", error: null };
  const event: ServerEvent = decodeNotification({ method: "turn/started", params: { threadId, turn } });
  if (event.type !== "turn.started") throw new Error(event.type);
  return { kind: "event", event };
}

describe("EventRouter with sub-agents", () => {
  it("[S1] delivers the messages of an agent to the turn at the root of its tree, marked with the agent", () => {
    const router = new EventRouter();
    const [one, two] = [router.subscribe("one"), router.subscribe("two")];
    router.route("one", started("one", "turn-1", "turn-1"));
    router.route("two", started("two", "turn-2", "turn-2"));
    expect(router.route("agent", started("agent", "turn-a", "turn-2"))).toBe(true);
    expect(one.drain()).toMatchObject([{ event: { threadId: "one" } }]);
    expect(two.drain()).toMatchObject([{ event: { threadId: "two" } }, { agent: { threadId: "agent" } }]);
    expect([...two.agents.threadIds]).toEqual(["agent"]);
    expect(router.size).toBe(2);
  });

  it("[S1] knows the parent of the first agent of a turn before codex reports the call that started it", () => {
    const router = new EventRouter();
    const route = router.subscribe("one");
    router.route("one", started("one", "turn-1", "turn-1"));
    router.route("first", started("first", "turn-a", "turn-1"));
    router.route("second", started("second", "turn-b", "turn-1"));
    const parents = route.drain().map((message) => (message.kind === "event" ? message.agent?.parentThreadId : null));
    expect(parents).toEqual([undefined, "one", null]);
  });

  it("[S3] ends an agent that starts after the end of its turn, and leaves the threads of other programs alone", () => {
    const ended: RunningAgent[] = [];
    const router = new EventRouter((agent) => ended.push(agent));
    const route = router.subscribe("one");
    router.route("one", started("one", "turn-1", "turn-1"));
    route.close();
    expect(router.route("late", started("late", "turn-l", "turn-1"))).toBe(true);
    expect(router.route("other", started("other", "turn-o", "turn-o"))).toBe(false);
    expect(router.route("foreign", started("foreign", "turn-f", "turn-unknown"))).toBe(false);
    expect(ended).toEqual([{ threadId: "late", turnId: "turn-l" }]);
  });

  it("[S2] names the agents of an earlier process when they receive a message", () => {
    const router = new EventRouter();
    const route = router.subscribe("one");
    router.route("one", started("one", "turn-1", "turn-1"));
    const activity = (agentThreadId: string, agentPath: string): TurnMessage => {
      const item = { type: "subAgentActivity", id: agentThreadId, kind: "interacted", agentThreadId, agentPath };
      const params = { threadId: "one", turnId: "turn-1", item, startedAtMs: 1 };
      const event: ServerEvent = decodeNotification({ method: "item/started", params });
      if (event.type !== "item.started") throw new Error(JSON.stringify(event));
      return { kind: "event", event };
    };
    router.route("one", activity("look", "/root/look"));
    router.route("look", started("look", "turn-l", "turn-1"));
    router.route("one", activity("deep", "/root/look/deep"));
    router.route("deep", started("deep", "turn-d", "turn-1"));
    const agents = route
      .drain()
      .flatMap((message) => (message.kind === "event" && message.agent ? [message.agent] : []));
    expect(agents).toEqual([
      { threadId: "look", parentThreadId: "one", agentPath: "/root/look" },
      { threadId: "deep", parentThreadId: "look", agentPath: "/root/look/deep" },
    ]);
  });
});
