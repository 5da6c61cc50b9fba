import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { ApprovalRequest } from "../../../src/protocol/events/approval-request.js";
import type { ThreadEvent } from "../../../src/index.js";
import { message, type ModelRequest, respond, shell, stall } from "../../../src/testing/index.js";
import { openRealCodex, processesHolding } from "../real-codex.js";
import { createRoot } from "./agent-root.js";
import { agentKinds, agentScript, tokens } from "./agent-script.js";

/** A command that leaves its session and runs on. */
const work = (options: { readonly escalate?: boolean } = {}) =>
  shell("(setsid sleep 4331 & ) ; touch begun; sleep 4332", { yieldTimeMs: 60_000, ...options });

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(10);
}

/** The commands of the test's codex that still sleep. */
async function sleepers(home: string): Promise<number[]> {
  const [mine, asleep] = await Promise.all([processesHolding(home, "environ"), processesHolding("sleep", "cmdline")]);
  return mine.filter((pid) => asleep.includes(pid));
}

describe.each(agentKinds)("a sub-agent (%s)", (namespace, model) => {
  it("[S2] [S3] of a resumed thread belongs to the turn that sends it another task", { timeout: 30_000 }, async () => {
    const agent = (step: number) => {
      if (step === 1) return respond(shell("touch made", { escalate: true, justification: "May I?" }), tokens);
      return respond(step === 3 ? work({ escalate: true }) : message("Seen."), tokens);
    };
    await using stand = await openRealCodex(
      "app-server",
      agentScript({ namespace, root: createRoot(namespace), agent }),
    );
    const first = stand.codex.startThread({ ...stand.thread, model });
    await first.run("Delegate");
    await stand.codex.close();

    const asked: ApprovalRequest[] = [];
    const onApproval = (request: ApprovalRequest) => {
      asked.push(request);
      return { decision: "accept" as const };
    };
    const thread = stand.client().resumeThread(first.toJSON(), { ...stand.thread, model, onApproval });
    const events: ThreadEvent[] = [];
    const second = thread.runStreamed("Again");
    for await (const event of second) events.push(event);
    const started = events.find((event) => event.type === "codexkit.agent.started");
    const agentPath = namespace === "collaboration" ? "/root/kid" : null;
    expect(started).toMatchObject({ threadId: thread.id, turnId: second.id, parentThreadId: thread.id, agentPath });
    const threadId = started?.agentThreadId;
    expect(asked).toMatchObject([{ kind: "command", threadId, parentThreadId: thread.id, agentPath }]);
    expect((await second.result()).usage.agents).toMatchObject({ inputTokens: 200, outputTokens: 40 });

    const third = thread.runStreamed("Once more");
    void third.result().catch(() => undefined);
    await until(() => existsSync(join(stand.workTree, "begun")));
    await third.interrupt();
    expect(await sleepers(stand.home)).toEqual([]);
  });

  it("[S3] is unloaded with its thread", async () => {
    const agent = () => respond(message("Seen."), tokens);
    await using stand = await openRealCodex("app-server", agentScript({ namespace, agent }));
    const thread = stand.codex.startThread({ ...stand.thread, model });
    await thread.run("Delegate");
    await thread.close();
    const loaded = async () => (await stand.codex.appServer.request("thread/loaded/list", {})).data;
    await expect.poll(loaded, { timeout: 5_000 }).toEqual([]);
  });

  it(
    "[S3] whose codex died ends with it, and does not work on in the resumed thread",
    { timeout: 30_000 },
    async () => {
      let asked = 0;
      const agent = () => {
        asked += 1;
        return respond(work(), tokens);
      };
      const root = (_: number, { userText }: ModelRequest) =>
        respond(userText === "Delegate" ? stall() : message("Done."), tokens);
      await using stand = await openRealCodex("app-server", agentScript({ namespace, root, agent }));
      const thread = stand.codex.startThread({ ...stand.thread, model, sandboxMode: "danger-full-access" });
      const turn = thread.run("Delegate");
      turn.catch(() => undefined);
      await until(() => existsSync(join(stand.workTree, "begun")));
      process.kill(stand.pids.at(-1) ?? 0, "SIGKILL");
      await expect(turn).rejects.toMatchObject({ code: "PROCESS_EXITED" });
      expect(await sleepers(stand.home)).toEqual([]);
      const { finalResponse, usage } = await thread.run("Go on");
      expect(finalResponse).toBe("Done.");
      expect(usage).not.toHaveProperty("agents");
      expect(asked).toBe(1);
    },
  );
});
