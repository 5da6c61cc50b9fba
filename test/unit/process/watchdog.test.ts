import { once } from "node:events";
import { fork } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWatchdog } from "../../../src/process/watchdog.js";
import { sweepByEnvironment } from "../../../src/process/sweep-by-environment.js";
import { carriers, parentOf } from "./carriers.js";

const host = join(import.meta.dirname, "watchdog-host.ts");

describe("the watchdog", () => {
  it.each(["SIGKILL", "SIGTERM", "SIGINT", "exit", "end"] as const)(
    "[A1.5] ends what the host guarded when the host ends by %s, daemons that ignore signals included",
    async (how) => {
      const { guarded, other, child, file } = await startHost(how === "end" ? "end" : "wait");
      expect(carriers(guarded).length).toBeGreaterThan(2);
      if (how === "exit") child.send("exit");
      else if (how !== "end") child.kill(how);
      await expect.poll(() => carriers(guarded), { timeout: 8_000 }).toEqual([]);
      expect(carriers(other).length).toBeGreaterThan(2);
      await expect.poll(() => existsSync(dirname(file))).toBe(false);
    },
  );

  it("[A1.5] leaves alone what the host had taken out again, and ends itself on close()", async () => {
    const { guarded, child, file } = await startHost("release");
    await expect.poll(() => childrenOf(child.pid ?? 0, "codexkit-watchdog")).toEqual([]);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(carriers(guarded).length).toBeGreaterThan(2);
    expect(existsSync(file)).toBe(true);
  });

  it("[A1.18] does nothing on Windows", () => {
    const watchdog = createWatchdog({ platform: "win32" });
    watchdog.guard({ pid: process.pid, marker: { name: "CODEXKIT_RUN", value: randomUUID() } })();
    watchdog.close();
  });
});

function childrenOf(pid: number, name: string): number[] {
  return carriers(name, "cmdline").filter((each) => parentOf(each) === pid);
}

/** A host with two families of processes, of which it guards one. */
async function startHost(what: "wait" | "end" | "release") {
  const [guarded, other] = [randomUUID(), randomUUID()];
  const child = fork(host, [guarded, other, what], { execArgv: ["--import", "tsx"], stdio: "inherit" });
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await sweepByEnvironment({ name: "CODEXKIT_RUN", value: guarded });
    await sweepByEnvironment({ name: "CODEXKIT_RUN", value: other });
  });
  const file = String((await once(child, "message"))[0]);
  onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
  return { guarded, other, child, file };
}
