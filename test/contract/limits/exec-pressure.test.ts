import { existsSync, readFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { describe, expect, it, onTestFinished } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import { Codex } from "../../../src/index.js";

const agent = join(import.meta.dirname, "../../agents/pressed-exec.mjs");
const here = { skipGitRepoCheck: true, workingDirectory: "/" };
const count = 4_000;

describe("a slow reader on exec", () => {
  it("[A1.6] stops codex at a full pipe, and receives every event when it continues to read", async () => {
    const { codex, isStuckAt } = await open();
    const texts: number[] = [];
    for await (const event of codex.startThread(here).runStreamed("go")) {
      if (event.type !== "item.completed" || event.item.type !== "agentMessage") continue;
      if (texts.length === 0) expect(await isStuckAt()).toBeLessThan(count - 1_000);
      texts.push(Number.parseInt(event.item.text, 10));
    }
    expect(texts).toEqual(Array.from({ length: count }, (_, index) => index));
  });

  it.each(["result()", "thread.run()", "interrupt()", "break"] as const)(
    "[A1.6] [A1.8] can wait for the end of the turn inside its own loop: %s",
    async (how) => {
      const { codex, isStuckAt } = await open();
      const thread = codex.startThread(here);
      const turn = thread.runStreamed("go");
      let seen = 0;
      for await (const event of turn) {
        if (event.type !== "item.completed") continue;
        seen += 1;
        if (seen > 1) continue;
        await isStuckAt();
        if (how === "result()") expect((await turn.result()).items).toHaveLength(count);
        if (how === "thread.run()") expect((await thread.run("again")).items).toHaveLength(count);
        if (how === "interrupt()") await turn.interrupt();
        if (how === "break") break;
      }
      const { status, items } = await turn.result();
      expect(status).toBe(how === "result()" || how === "thread.run()" ? "completed" : "interrupted");
      if (status === "completed") expect([seen, items.length]).toEqual([count, count]);
    },
  );

  it("[A1.12] does not trigger `idleTimeoutMs`", async () => {
    // Codex starts within two seconds, also on a busy machine.
    const { codex, isStuckAt } = await open({ stuckMs: 2_500 });
    let seen = 0;
    for await (const event of codex.startThread(here).runStreamed("go", { idleTimeoutMs: 2_000 })) {
      if (event.type !== "item.completed") continue;
      if ((seen += 1) === 1) await isStuckAt();
    }
    expect(seen).toBe(count);
  });
});

async function open({ stuckMs = 500 } = {}) {
  const folder = scratchFolder("contract", randomUUID());
  await mkdir(folder, { recursive: true });
  const stuck = join(folder, "stuck");
  const env = { ...process.env, COUNT: String(count), STUCK: stuck, STUCK_MS: String(stuckMs) };
  const codex = new Codex({ codexPathOverride: agent, transport: "exec", env });
  onTestFinished(async () => {
    await codex.close();
    await rm(folder, { recursive: true, force: true });
  });
  const isStuckAt = async (): Promise<number> => {
    await expect.poll(() => existsSync(stuck), { timeout: 20_000 }).toBe(true);
    return Number(readFileSync(stuck, "utf8"));
  };
  return { codex, isStuckAt };
}
