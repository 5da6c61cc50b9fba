import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import type { Codex, ThreadStartOptions } from "../../../src/index.js";
import { message, repeat, respond, usage } from "../../../src/testing/index.js";
import { openRealCodex, processesHolding, transports } from "../real-codex.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const answer = repeat(respond(message("ok"), tokens));

describe("finished threads", () => {
  it("[A1.10] are released: 200 use no more memory of codex than 50, and each is resumed on its next use", async () => {
    await using real = await openRealCodex("app-server", [answer]);
    const { codex, thread } = real;
    const threads = Array.from({ length: 200 }, () => codex.startThread(thread));
    await runAll(threads.slice(0, 50));
    const fifty = residentMb(real.pids[0]);
    await runAll(threads.slice(50));
    const twoHundred = residentMb(real.pids[0]);
    expect(await countLoaded(codex)).toBeLessThanOrEqual(40);
    // An unreleased thread takes 1.1 MB.
    expect(twoHundred - fifty).toBeLessThan(60);
    const [first] = threads;
    const again = await first?.run("once more");
    expect(again?.usage).toMatchObject({ turn: { inputTokens: 42 }, thread: { inputTokens: 84 } });
    expect(JSON.stringify(real.model.requests.at(-1)?.body)).toContain("turn of thread");
    expect(real.pids).toHaveLength(1);
  });

  it("[A1.5] turns on more threads than stay loaded all complete, in every order", async () => {
    await using real = await openRealCodex("app-server", [answer]);
    const threads = Array.from({ length: 48 }, () => real.codex.startThread(real.thread));
    for (let round = 0; round < 3; round += 1) await Promise.all(threads.map((thread) => thread.run("go")));
    const results = await Promise.all(threads.map((thread) => thread.run("last")));
    for (const { usage: used } of results) expect(used.thread?.inputTokens).toBe(4 * 42);
  });

  it("[A1.10] after thread.close() another process can resume the thread at once", async () => {
    await using real = await openRealCodex("app-server", [answer]);
    for (let round = 0; round < 5; round += 1) {
      const thread = real.codex.startThread(real.thread);
      await thread.run("one");
      const state = thread.toJSON();
      await thread.close();
      const other = real.client();
      expect((await other.resumeThread(state).run("two")).usage.thread?.inputTokens).toBe(84);
      await other.close();
    }
  });

  it("[A1.10] a thread that was interrupted at its first event can be released and used again", async () => {
    await using real = await openRealCodex("app-server", [answer]);
    const thread = real.codex.startThread(real.thread);
    for await (const event of thread.runStreamed("one")) if (event.type === "turn.started") break;
    await runAll(Array.from({ length: 34 }, () => real.codex.startThread(real.thread)));
    expect((await thread.run("two")).status).toBe("completed");
  });
});

describe("a program that never calls close()", () => {
  it.each(transports)("[A1.5] ends by itself without leftover processes: %s", async (transport) => {
    await using real = await openRealCodex(transport, [answer]);
    const { stdout } = await runProgram("forgetful.mjs", real.model.codexOptions({ codexHome: real.home }), {
      transport,
      thread: real.thread,
    });
    expect(stdout).toBe("ok\nok\n");
    await expect.poll(() => processesHolding(real.home, "environ"), { timeout: 10_000 }).toEqual([]);
  });

  it("[A1.10] releases threads that cannot be resumed with their handle: ephemeral threads, and threads without a turn", async () => {
    await using real = await openRealCodex("app-server", [answer]);
    const { stdout } = await runProgram("lost-handles.mjs", real.model.codexOptions({ codexHome: real.home }), {
      transport: "app-server",
      thread: real.thread,
    });
    expect(Number(stdout)).toBeLessThan(5);
  });
});

async function runAll(threads: readonly { run(input: string): Promise<unknown> }[]): Promise<void> {
  const left = [...threads];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await next.run("turn of thread");
  };
  await Promise.all([work(), work(), work(), work()]);
}

async function countLoaded(codex: Codex): Promise<number> {
  return (await codex.appServer.request("thread/loaded/list", {})).data.length;
}

function residentMb(pid: number | undefined): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid ?? 0}/status`, "utf8"))?.[1]) / 1024;
}

function runProgram(
  name: string,
  { env, ...options }: { readonly env?: Readonly<Record<string, string | undefined>> },
  rest: { readonly transport: string; readonly thread: ThreadStartOptions },
) {
  const { transport, thread } = rest;
  const given = JSON.stringify({
    codex: { ...options, transport, env: { ...env, PATH: process.env["PATH"] } },
    thread,
  });
  const program = join(import.meta.dirname, "programs", name);
  return promisify(execFile)(process.execPath, ["--expose-gc", program, given], { timeout: 30_000 });
}
