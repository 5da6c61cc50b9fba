import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { message, respond, shell, stall } from "../../../src/testing/index.js";
import { openRealCodex, processesHolding, transports } from "../real-codex.js";
import { agentKinds, agentScript, tokens } from "./agent-script.js";

/** An agent whose command leaves its session and runs on. */
const agent = () =>
  respond(shell("(setsid sleep 4331 & ) ; touch started; sleep 4332", { yieldTimeMs: 60_000 }), tokens);

interface Ending {
  readonly turn: AsyncDisposable & { result(): Promise<unknown>; interrupt(): Promise<void> };
  readonly abort: AbortController;
  readonly thread: { close(): Promise<void> };
  readonly codex: { close(): Promise<void> };
}

const endings: Readonly<Record<string, (ending: Ending) => Promise<unknown>>> = {
  abort: async ({ turn, abort }) => {
    abort.abort();
    await turn.result();
  },
  "a break": async ({ turn }) => {
    await turn[Symbol.asyncDispose]();
  },
  "interrupt()": ({ turn }) => turn.interrupt(),
  "thread.close()": ({ thread }) => thread.close(),
  "codex.close()": ({ codex }) => codex.close(),
};

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

for (const transport of transports) {
  describe.each(agentKinds)(`sub-agents (%s) on ${transport}`, (namespace, model) => {
    it.each(Object.keys(endings))("[S3] end with their commands on %s", { timeout: 60_000 }, async (name) => {
      await using stand = await openRealCodex(transport, agentScript({ namespace, agent }));
      const thread = stand.codex.startThread({ ...stand.thread, model, sandboxMode: "danger-full-access" });
      const abort = new AbortController();
      const turn = thread.runStreamed("Delegate", { signal: abort.signal });
      void turn.result().catch(() => undefined);
      await until(() => existsSync(join(stand.workTree, "started")));
      expect(await sleepers(stand.home)).not.toEqual([]);
      await endings[name]?.({ turn, abort, thread, codex: stand.codex }).catch(() => undefined);
      expect(await sleepers(stand.home)).toEqual([]);
      const asked = stand.model.requests.length;
      await delay(300);
      expect(stand.model.requests.length).toBe(asked);
    });

    it("[S3] end with their commands when timeoutMs has passed", { timeout: 60_000 }, async () => {
      await using stand = await openRealCodex(transport, agentScript({ namespace, agent }));
      const thread = stand.codex.startThread({ ...stand.thread, model, sandboxMode: "danger-full-access" });
      const turn = thread.runStreamed("Delegate", { timeoutMs: 10_000 });
      await expect(turn.result()).rejects.toMatchObject({ code: "TURN_TIMEOUT" });
      expect(existsSync(join(stand.workTree, "started"))).toBe(true);
      expect(await sleepers(stand.home)).toEqual([]);
    });

    it("[S3] end when the turn completes without them", { timeout: 60_000 }, async () => {
      const steps = agentScript({
        namespace,
        agent,
        root: async () => {
          await until(() => existsSync(join(stand.workTree, "started")));
          return respond(message("Done."), tokens);
        },
      });
      await using stand = await openRealCodex(transport, steps);
      const thread = stand.codex.startThread({ ...stand.thread, model, sandboxMode: "danger-full-access" });
      const turn = thread.runStreamed("Delegate");
      const ended: string[] = [];
      for await (const event of turn) {
        if (event.type === "codexkit.agent.completed") ended.push(event.status);
      }
      expect((await turn.result()).finalResponse).toBe("Done.");
      expect(ended).toEqual(transport === "exec" ? [] : ["interrupted"]);
      expect(await sleepers(stand.home)).toEqual([]);
      const asked = stand.model.requests.length;
      await delay(300);
      expect(stand.model.requests.length).toBe(asked);
    });
  });
}

describe("a sub-agent that starts while its turn is interrupted", () => {
  it.each(agentKinds)("[S3] ends, too (%s)", { timeout: 60_000 }, async (namespace, model) => {
    const agent = () => respond(stall());
    await using stand = await openRealCodex(
      "app-server",
      agentScript({ namespace, agent, root: () => respond(stall()) }),
    );
    for (let delayMs = 0; delayMs < 200; delayMs += 20) {
      const thread = stand.codex.startThread({ ...stand.thread, model });
      const turn = thread.runStreamed("Delegate");
      for await (const event of turn) {
        if (event.type !== "item.completed" || event.item.type !== "userMessage") continue;
        await delay(delayMs);
        break;
      }
    }
    await delay(500);
    const { data } = await stand.codex.appServer.request("thread/loaded/list", {});
    const read = async (threadId: string) => {
      const { thread } = await stand.codex.appServer.request("thread/read", { threadId });
      return thread.status.type;
    };
    expect(await Promise.all(data.map(read))).not.toContain("active");
  });
});

/** The commands of the test's codex that still sleep. */
async function sleepers(home: string): Promise<number[]> {
  const [mine, asleep] = await Promise.all([processesHolding(home, "environ"), processesHolding("sleep", "cmdline")]);
  return mine.filter((pid) => asleep.includes(pid));
}
