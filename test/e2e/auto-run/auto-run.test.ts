import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { autoRunResultOf, type AutoRunCheckpoint, tool } from "../../../src/index.js";
import {
  cut,
  fail,
  failResponse,
  functionCall,
  gate,
  message,
  respond,
  shell,
  usage,
} from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const quick = { initialDelayMs: 10 };

describe.each(transports)("a run of several turns on the real binary, %s", (transport) => {
  it("[A2.7] repeats a turn that failed before any side effect; the history of the thread contains each prompt", async () => {
    await using stand = await openRealCodex(transport, [
      fail(500),
      cut(message("half")),
      respond(message("Done"), tokens),
    ]);
    const result = await stand.codex.startThread(stand.thread).runAuto("Work", { retry: quick });
    expect(result).toMatchObject({ stopReason: "completed", finalResponse: "Done" });
    expect(result.attempts).toHaveLength(2);
    expect(result.turns.map(({ status }) => status)).toEqual(["failed", "failed", "completed"]);
    const prompts = stand.model.requests.at(-1)?.userTexts.filter((text) => text === "Work");
    expect(prompts).toHaveLength(3);
    await stand.model.assertDone();
  });

  it("[A2.7] starts codex again if it dies before any side effect", async () => {
    const hold = gate();
    const steps = [respond(message("never", { deltas: ["ne", hold, "ver"] })), respond(message("Done"))];
    await using stand = await openRealCodex(transport, steps);
    const result = stand.codex.startThread(stand.thread).runAuto("Work", { retry: quick });
    await expect.poll(() => stand.model.requests.length, { timeout: 20_000 }).toBe(1);
    process.kill(stand.pids.at(-1) ?? 0, "SIGKILL");
    expect(await result).toMatchObject({ finalResponse: "Done", attempts: [{ error: { code: "PROCESS_EXITED" } }] });
    hold.open();
  });

  it("[A2.7] does not repeat a turn after a command", async () => {
    await using stand = await openRealCodex(transport, [respond(shell("echo begun")), fail(500)]);
    const run = stand.codex.startThread(stand.thread).runAuto("Work", { retry: quick });
    const error = await run.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "TURN_FAILED" });
    expect(autoRunResultOf(error)).toMatchObject({ stopReason: "failed", attempts: [{ attempt: 1, delayMs: null }] });
    await stand.model.assertDone();
  });

  it("[A2.7] repeats a turn before a call of a host tool, not after it", async () => {
    const namespace = transport === "exec" ? { namespace: "mcp__codexkit" } : {};
    const steps = [fail(500), respond(functionCall("look", {}, namespace)), fail(500)];
    await using stand = await openRealCodex(transport, steps);
    const attempts: number[] = [];
    const look = tool({
      name: "look",
      description: "Looks.",
      execute: (_args, call) => `attempt ${attempts.push(call.attempt)}`,
    });
    const run = stand.codex.startThread({ ...stand.thread, tools: [look] }).runAuto("Work", { retry: quick });
    const error = await run.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: "TURN_FAILED" });
    expect(attempts).toEqual([2]);
    expect(autoRunResultOf(error)?.attempts).toMatchObject([
      { turn: 1, attempt: 1, delayMs: expect.any(Number) as unknown },
      { turn: 1, attempt: 2, delayMs: null },
    ]);
    await stand.model.assertDone();
  });

  it("[A2.7] waits until the time that codex names, or rejects with it if it is too late", async () => {
    const limited = failResponse("rate_limit_exceeded", "Please try again in 0.3s.");
    const far = fail(429, { error: { type: "usage_limit_reached", message: "x", resets_at: inAnHour() } });
    await using stand = await openRealCodex(transport, [limited, respond(message("Done")), far]);
    const thread = stand.codex.startThread(stand.thread);
    const { attempts } = await thread.runAuto("Work", { retry: { initialDelayMs: 0 } });
    expect(attempts).toMatchObject([{ delayMs: 300 }]);
    const error = await thread.runAuto("Work").catch((cause: unknown) => cause);
    const [attempt] = autoRunResultOf(error)?.attempts ?? [];
    expect(attempt?.delayMs).toBeNull();
    expect(Math.abs((attempt?.retryAt ?? 0) / 1000 - inAnHour())).toBeLessThan(90);
  });

  it("[A2.7] runs another turn for `until`, a repair and an output guardrail, and counts its usage", async () => {
    const steps = ["nope", '{"n":1}', '{"n":2}', '{"n":3}'].map((text) => respond(message(text), tokens));
    await using stand = await openRealCodex(transport, steps);
    const result = await stand.codex.startThread(stand.thread).runAuto("Count to three", {
      outputSchema: z.object({ n: z.number() }),
      guardrails: {
        output: [
          {
            name: "not one",
            check: ({ finalResponse }) =>
              finalResponse === '{"n":1}' ? { behavior: "reject", message: "Not one." } : { behavior: "allow" },
          },
        ],
      },
      until: ({ output }) => output.n === 3 || { done: false, input: "One more." },
    });
    expect(result.output).toEqual({ n: 3 });
    expect(result.turns.map(({ reason }) => reason)).toEqual(["input", "repair", "guardrail", "until"]);
    expect(result.usage.run).toMatchObject({ inputTokens: 168, cachedInputTokens: 48, outputTokens: 20 });
    expect(result.usage.thread).toMatchObject({ inputTokens: 168 });
    await stand.model.assertDone();
  });

  it("[A2.9] interrupts the running turn and its command if a parallel input guardrail trips", async () => {
    const steps = [respond(shell("echo $$ > pid; sleep 60", { yieldTimeMs: 60_000 }))];
    await using stand = await openRealCodex(transport, steps);
    const thread = stand.codex.startThread({ ...stand.thread, sandboxMode: "danger-full-access" });
    const pidFile = join(stand.workTree, "pid");
    const result = await thread.runAuto("Work", {
      guardrails: {
        input: [
          {
            name: "beside",
            mode: "parallel",
            check: async () => {
              await expect.poll(() => readFile(pidFile, "utf8").catch(() => ""), { timeout: 20_000 }).toMatch(/\d/);
              return { behavior: "reject", message: "No." };
            },
          },
        ],
      },
    });
    expect(result).toMatchObject({ stopReason: "guardrail", guardrail: { name: "beside", message: "No." } });
    expect(result.turns).toMatchObject([{ status: "interrupted" }]);
    const pid = Number(await readFile(pidFile, "utf8"));
    await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
    await rm(pidFile);
  });

  it("[A2.7] continues in another client from a checkpoint", async () => {
    await using stand = await openRealCodex(transport, [
      respond(message("one"), tokens),
      respond(message("two"), tokens),
    ]);
    const saved: string[] = [];
    const checkpoint = (state: AutoRunCheckpoint): void => void saved.push(JSON.stringify(state));
    await stand.codex.startThread(stand.thread).runAuto("Count", { checkpoint });
    await stand.codex.close();
    const state = JSON.parse(saved.at(-1) ?? "") as AutoRunCheckpoint;
    const thread = stand.client().resumeThread(state);
    const result = await thread.resumeAuto({ until: ({ finalResponse }) => finalResponse === "two" });
    expect(result.turns.map(({ finalResponse }) => finalResponse)).toEqual(["one", "two"]);
    expect(result.usage.run).toMatchObject({ inputTokens: 84 });
    expect(stand.model.requests.at(-1)?.userTexts).toContain("Count");
  });
});

function inAnHour(): number {
  return Math.floor(Date.now() / 1000) + 3600;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
