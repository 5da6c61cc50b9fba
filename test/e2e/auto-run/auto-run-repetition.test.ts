import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { AutoRunCheckpoint } from "../../../src/index.js";
import { fail, message, repeat, respond, shell, usage } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const limited = fail(429);
const retry = { attempts: 3, initialDelayMs: 1, maxDelayMs: 2 };
const quick = { config: { features: { plugins: false } } };

async function paymentsIn(workTree: string): Promise<number> {
  const file = join(workTree, "ledger");
  return existsSync(file) ? (await readFile(file, "utf8")).trim().split("\n").length : 0;
}

describe.each(transports)("a run after a turn that failed, %s", { timeout: 60_000 }, (transport) => {
  it("[R1] does not repeat a command that the sandbox partly refused, for which codex emits no item", async () => {
    const pay = respond(shell("echo paid >> ledger; touch /usr/outside-of-the-sandbox"), tokens);
    await using real = await openRealCodex(transport, [pay, limited, pay, limited, respond(message("end"))]);
    const thread = real.codex.startThread({ ...real.thread, ...quick, sandboxMode: "workspace-write" });
    await expect(thread.runAuto("pay once", { retry })).rejects.toMatchObject({ code: "TURN_FAILED" });
    expect(await paymentsIn(real.workTree)).toBe(1);
    expect(real.model.requests).toHaveLength(2);
  });

  it("[R1] retries a turn whose first model request failed, also after an earlier turn of the thread", async () => {
    const steps = [respond(message("before"), tokens), limited, respond(message("after"), tokens)];
    await using real = await openRealCodex(transport, steps);
    const thread = real.codex.startThread({ ...real.thread, ...quick });
    await thread.run("first");
    const { finalResponse, attempts } = await thread.runAuto("second", { retry });
    expect(finalResponse).toBe("after");
    expect(attempts).toMatchObject([{ attempt: 1 }]);
  });

  it("[R2] does not repeat a command that codex had started and not reported when it was killed", async () => {
    const steps = [repeat(respond(shell("echo paid >> ledger; sleep 5"), tokens))];
    await using real = await openRealCodex(transport, steps);
    const thread = real.codex.startThread({ ...real.thread, ...quick, sandboxMode: "danger-full-access" });
    const run = thread.runAuto("pay once", { retry });
    const failed = expect(run).rejects.toMatchObject({ code: "PROCESS_EXITED" });
    const ledger = join(real.workTree, "ledger");
    await expect.poll(() => existsSync(ledger), { timeout: 30_000, interval: 1 }).toBe(true);
    for (const pid of real.pids) kill(pid);
    await failed;
    expect(await paymentsIn(real.workTree)).toBe(1);
    expect(real.model.requests).toHaveLength(1);
  });

  it("[R5] does not repeat a turn that completed before its checkpoint was saved", async () => {
    await using real = await openRealCodex(transport, [repeat(respond(message("done"), tokens))]);
    const saved: AutoRunCheckpoint[] = [];
    const checkpoint = (state: AutoRunCheckpoint): void => void saved.push(state);
    const thread = real.codex.startThread({ ...real.thread, ...quick });
    await thread.run("an earlier turn");
    await thread.runAuto("work once", { checkpoint });
    await thread.close();
    const inTurn = saved.find(({ run }) => run.phase === "inTurn");
    expect(inTurn).toBeDefined();
    const asked: unknown[] = [];
    const other = real.client().resumeThread(inTurn ?? "", real.thread);
    const result = await other.resumeAuto({ until: ({ finalResponse }) => asked.push(finalResponse) > 0 });
    expect(result).toMatchObject({ stopReason: "completed", finalResponse: "done", turns: [{ status: "completed" }] });
    expect(asked).toEqual(["done"]);
    expect(real.model.requests.map(({ userTexts }) => userTexts.at(-1))).toEqual(["an earlier turn", "work once"]);
  });
});

it("[R5] [R6] a run whose thread is loaded elsewhere rejects before it repeats a turn that completed", async () => {
  await using real = await openRealCodex("app-server", [repeat(respond(message("done"), tokens))]);
  const saved: AutoRunCheckpoint[] = [];
  const checkpoint = (state: AutoRunCheckpoint): void => void saved.push(state);
  const thread = real.codex.startThread({ ...real.thread, ...quick });
  await thread.run("an earlier turn");
  await thread.runAuto("work once", { checkpoint });
  const inTurn = saved.find(({ run }) => run.phase === "inTurn") ?? "";
  const other = real.client();
  const hooks = { onRetry: () => void thread.close() };
  const slow = { initialDelayMs: 1_000, jitter: false };
  const busy = other.resumeThread(inTurn, real.thread).resumeAuto({ retry: slow, hooks });
  await expect(busy).rejects.toMatchObject({ code: "THREAD_BUSY" });
  await thread.close();
  const result = await other.resumeThread(inTurn, real.thread).resumeAuto();
  expect(result).toMatchObject({ stopReason: "completed", finalResponse: "done" });
  expect(real.model.requests).toHaveLength(2);
});

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended already.
  }
}
