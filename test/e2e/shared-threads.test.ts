import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { message, repeat, respond, shell } from "../../src/testing/index.js";
import { openRealCodex } from "./real-codex.js";

describe("handles of one thread on the app-server", () => {
  it.each([0, 3, 8])(
    "[A1.8] [A1.10] are created and dropped like requests of a server: each turn completes on its own (%i ms of work)",
    async (workMs) => {
      await using real = await openRealCodex("app-server", [repeat(respond(message("ok")))]);
      const first = real.codex.startThread(real.thread);
      await first.run("hello");
      const id = first.id ?? "";
      await first.close();
      const handle = async (prompt: string): Promise<string | null> => {
        await using thread = real.codex.resumeThread(id, real.thread);
        const { finalResponse } = await thread.run(prompt, { timeoutMs: 10_000 });
        await new Promise((resolve) => setTimeout(resolve, workMs));
        return finalResponse;
      };
      for (let round = 0; round < 4; round += 1) {
        expect(await Promise.all([handle("a"), handle("b"), handle("c")])).toEqual(["ok", "ok", "ok"]);
      }
      expect(real.pids).toHaveLength(1);
    },
  );

  it("[A1.8] another handle does not get the permissions of a turn", async () => {
    const write = (path: string) => [
      respond(shell(`touch ${path} && echo WROTE || echo DENIED`)),
      respond(message("ok")),
    ];
    const names = ["a1", "a2", "b", "c"];
    // Beside the work tree, and not in the system's temporary folder, which is writable in the sandbox.
    await using real = await openRealCodex(
      "app-server",
      names.flatMap((name) => write(`../extra/${name}`)),
    );
    const extra = join(real.workTree, "..", "extra");
    await mkdir(extra);
    const options = { ...real.thread, sandboxMode: "workspace-write" } as const;
    const one = real.codex.startThread(options);
    await one.run("1");
    await one.run("2", { additionalDirectories: [extra], networkAccessEnabled: true });
    const other = real.codex.resumeThread(one.id ?? "", options);
    await other.run("3");
    await one.run("4");
    expect(names.filter((name) => existsSync(join(extra, name)))).toEqual(["a2"]);
    const body = JSON.stringify(real.model.requests.at(-3)?.body);
    expect(body).toContain("Network access is restricted");
  });

  it("[A1.8] another handle uses the thread's model and effort, not those of the previous turn", async () => {
    await using real = await openRealCodex("app-server", [repeat(respond(message("ok")))]);
    const one = real.codex.startThread(real.thread);
    await one.run("1");
    await one.run("2", { model: "gpt-5.4", modelReasoningEffort: "high" });
    const { model: _, ...withoutModel } = real.thread;
    const other = real.codex.resumeThread(one.id ?? "", withoutModel);
    await other.run("3");
    const asked = real.model.requests.map(({ body }) => [body["model"], JSON.stringify(body["reasoning"])]);
    expect(asked[1]?.[0]).toBe("gpt-5.4");
    expect(asked[2]).toEqual(asked[0]);
  });

  it("[A1.10] releases a thread that was started and dropped without a turn, and a thread that is closed during its start", async () => {
    await using real = await openRealCodex("app-server", []);
    const late = real.codex.startThread(real.thread);
    const starting = late.start();
    await late.close();
    await expect(starting).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    const loaded = async () => (await real.codex.appServer.request("thread/loaded/list", {})).data.length;
    await expect.poll(loaded).toBe(0);
  });
});
