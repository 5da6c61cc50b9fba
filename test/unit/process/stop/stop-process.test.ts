import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { AgentProcess } from "../../../../src/process/spawn/agent-process.js";
import { gracefulSteps, stopPlans, stopProcess, taskkillPlan } from "../../../../src/process/stop/stop-process.js";
import { noteByEnvironment } from "../../../../src/process/stop/note-by-environment.js";
import { startAgent } from "../agents.js";
import { createFamilyToken, sleepers, survivors } from "../survivors.js";
import type { EnvironmentMarker } from "../../../../src/process/stop/process-entry.js";

const marked = ["plain", "ignores-term", "daemon", "nohup", "double-forked-daemon"];
const everyKind = [...marked, "bare-environment", "bare-in-session", "bare-in-group"];

describe.skipIf(process.platform !== "linux")("stopProcess", () => {
  for (const planName of ["exec", "appServer"] as const) {
    for (const mode of ["polite", "stubborn"]) {
      it(`[A1.5] leaves no process of a ${mode} agent's family alive by the plan of ${planName}`, async () => {
        const { agent, token, marker } = await startFamily(mode, everyKind);
        expect(survivors(token).length).toBeGreaterThan(everyKind.length);
        const started = performance.now();
        const exit = await stopProcess(agent, stopPlans[planName], { marker });
        expect(performance.now() - started).toBeLessThan(mode === "polite" ? 1_000 : 4_000);
        expect(survivors(token)).toEqual([]);
        const byItself = { code: planName === "exec" ? 1 : 0, signal: null };
        expect(exit).toEqual(mode === "polite" ? byItself : { code: null, signal: "SIGKILL" });
      });
    }
  }

  it("[A1.5] outruns a family that forks without end", async () => {
    const { agent, token, marker } = await startFamily("polite", ["fork-storm", "plain"]);
    await stopProcess(agent, stopPlans.exec, { marker });
    expect(survivors(token)).toEqual([]);
  });

  it("[A1.5] finds the family without a marker, by its tree, sessions and groups", async () => {
    const { agent, token } = await startFamily("polite", ["plain", "daemon", "bare-environment", "bare-in-session"]);
    await stopProcess(agent, stopPlans.appServer);
    expect(survivors(token)).toEqual([]);
  });

  it("[A1.5] finds the remaining processes of an agent that was killed from outside, by the marker", async () => {
    const { agent, token, marker } = await startFamily("polite", marked);
    agent.kill("SIGKILL");
    await agent.exited;
    expect(survivors(token)).not.toEqual([]);
    expect(await stopProcess(agent, stopPlans.exec, { marker })).toEqual({ code: null, signal: "SIGKILL" });
    expect(survivors(token)).toEqual([]);
  });

  it("returns the same promise to all callers, while it runs and later", async () => {
    const { agent, marker } = await startFamily("polite", []);
    const first = stopProcess(agent, stopPlans.exec, { marker });
    expect(stopProcess(agent, stopPlans.appServer)).toBe(first);
    await first;
    expect(stopProcess(agent, stopPlans.exec)).toBe(first);
  });

  it("ends the lines of the agent, and settles its writes", async () => {
    const { agent, marker, lines } = await startFamily("stubborn", ["daemon"]);
    const end = lines.next();
    const write = agent.write("x".repeat(4_000_000));
    const refused = expect(write).rejects.toMatchObject({ code: "PROCESS_EXITED" });
    await stopProcess(agent, stopPlans.exec, { marker });
    await refused;
    expect(await end).toEqual({ done: true, value: undefined });
  });

  it("[A1.5] takes tens of milliseconds if the agent ends by itself", async () => {
    const { agent, marker } = await startFamily("polite", marked);
    const started = performance.now();
    await stopProcess(agent, stopPlans.exec, { marker });
    expect(performance.now() - started).toBeLessThan(500);
  });

  it("does not affect other processes of the host program", async () => {
    const bystander = await startFamily("polite", marked);
    const { agent, token, marker } = await startFamily("polite", marked);
    const before = sleepers(bystander.token);
    await stopProcess(agent, stopPlans.exec, { marker });
    expect(survivors(token)).toEqual([]);
    expect(sleepers(bystander.token)).toEqual(expect.arrayContaining(before));
    expect(bystander.agent.exit).toBeNull();
  });
});

describe.skipIf(process.platform !== "linux")("noteByEnvironment", () => {
  it("[A1.5] kills the remaining processes of one thread, and none of another thread or of their parent", async () => {
    const threads = [randomUUID(), randomUUID()] as const;
    const [token, otherToken] = [createFamilyToken(), createFamilyToken()];
    const parent = await startAgent("echo-lines.mjs");
    await startThread(threads[0], token);
    await startThread(threads[1], otherToken);
    const before = sleepers(otherToken);
    expect(await killThread(threads[0])).toBeGreaterThan(marked.length);
    expect(survivors(token)).toEqual([]);
    expect(sleepers(otherToken)).toEqual(expect.arrayContaining(before));
    expect(parent.exit).toBeNull();
    expect(await killThread(threads[0])).toBe(0);
  });

  it("[A1.5] kills the processes of an inner codex that a command of the thread started, with its own thread", async () => {
    const [outer, inner] = [randomUUID(), randomUUID()];
    const token = createFamilyToken();
    const env = { [`CODEXKIT_RUN_${outer.replaceAll("-", "")}`]: "1", CODEX_THREAD_ID: inner };
    await readUntilReady(await startAgent("family.sh", [token, "stubborn", ...marked], { env }));
    await killThread(outer);
    expect(survivors(token)).toEqual([]);
  });

  it("kills nothing if the value is empty", async () => {
    expect(await killThread("")).toBe(0);
  });

  async function killThread(value: string): Promise<number> {
    const kill = await noteByEnvironment({ name: "CODEX_THREAD_ID", value });
    return kill();
  }

  async function startThread(id: string, token: string): Promise<void> {
    const agent = await startAgent("family.sh", [token, "stubborn", ...marked], { env: { CODEX_THREAD_ID: id } });
    await readUntilReady(agent);
  }
});

describe("the Windows plan", () => {
  it("[A1.18] ends the tree by the system's own taskkill, with no shell and no search for it", () => {
    const args = ["/T", "/F", "/PID", "42"];
    expect(taskkillPlan(42)).toEqual({ command: "C:\\Windows\\System32\\taskkill.exe", args });
    expect(taskkillPlan(42, { SystemRoot: "D:\\Win" })).toEqual({ command: "D:\\Win\\System32\\taskkill.exe", args });
  });

  it("[A1.18] only ends the input before the kill, because every signal kills there", () => {
    expect(gracefulSteps(stopPlans.exec, "win32")).toEqual([]);
    expect(gracefulSteps(stopPlans.appServer, "win32")).toEqual([stopPlans.appServer[0]]);
    expect(gracefulSteps(stopPlans.exec, "darwin")).toBe(stopPlans.exec);
  });

  it.skipIf(process.platform === "win32")("[A1.18] is followed, and ends codex even if taskkill does not", async () => {
    const windows = { platform: "win32" } as const;
    const first = await startFamily("polite", []);
    expect(await stopProcess(first.agent, stopPlans.appServer, windows)).toEqual({ code: 0, signal: null });
    const second = await startFamily("polite", []);
    expect(await stopProcess(second.agent, stopPlans.exec, windows)).toEqual({ code: null, signal: "SIGKILL" });
  });
});

async function startFamily(mode: string, kinds: readonly string[]) {
  const token = createFamilyToken();
  const marker: EnvironmentMarker = { name: `CODEXKIT_RUN_${randomUUID().replaceAll("-", "")}`, value: "1" };
  const agent = await startAgent("family.sh", [token, mode, ...kinds], { env: { [marker.name]: marker.value } });
  return { agent, token, marker, lines: await readUntilReady(agent) };
}

async function readUntilReady(agent: AgentProcess) {
  const lines = agent.lines[Symbol.asyncIterator]();
  expect(await lines.next()).toEqual({ done: false, value: [{ text: "ready", truncated: false }] });
  return lines;
}
