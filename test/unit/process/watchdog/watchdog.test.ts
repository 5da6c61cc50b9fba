import { once } from "node:events";
import { fork } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createWatchdog } from "../../../../src/process/watchdog/watchdog.js";
import { carriers, parentOf } from "../carriers.js";
import { createFamilyToken, sleepers, survivors } from "../survivors.js";

const host = join(import.meta.dirname, "watchdog-host.ts");

/** The sleeping members of one family of the host program. */
const familySize = 7;

describe.skipIf(process.platform !== "linux")("the watchdog", () => {
  it.each(["SIGKILL", "SIGTERM", "SIGINT", "exit", "end"] as const)(
    "[A1.5] ends the guarded processes when the host program ends by %s, also daemons that ignore signals or have emptied their environment",
    async (how) => {
      const { guarded, other, child, file } = await startHost(how === "end" ? "end" : "wait");
      const bystanders = sleepers(other);
      expect(sleepers(guarded)).toHaveLength(familySize);
      expect(bystanders).toHaveLength(3 * familySize);
      if (how === "exit") child.send("exit");
      else if (how !== "end") child.kill(how);
      await expect.poll(() => survivors(guarded), { timeout: 8_000 }).toEqual([]);
      await expect.poll(() => existsSync(dirname(file)), { timeout: 8_000 }).toBe(false);
      expect(sleepers(other)).toEqual(bystanders);
    },
  );

  it("[A1.5] ignores released processes, and ends itself on close()", async () => {
    const { guarded, child, file } = await startHost("release");
    await expect.poll(() => watchdogsOf(child.pid)).toEqual([]);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(sleepers(guarded)).toHaveLength(familySize);
    expect(existsSync(file)).toBe(true);
  });

  it("[A1.5] is replaced when it is killed, with a pause after repeated kills, and the next one guards everything", async () => {
    const { guarded, child, file } = await startHost("wait");
    const started = performance.now();
    const killed: number[] = [];
    for (let round = 0; round < 5; round++) {
      await expect.poll(() => watchdogsOf(child.pid), { timeout: 5_000, interval: 5 }).toHaveLength(1);
      const [pid = 0] = watchdogsOf(child.pid);
      expect(killed).not.toContain(pid);
      killed.push(pid);
      process.kill(pid, "SIGKILL");
      await expect.poll(() => watchdogsOf(child.pid), { interval: 5 }).not.toContain(pid);
    }
    await expect.poll(() => watchdogsOf(child.pid), { timeout: 5_000 }).toHaveLength(1);
    expect(performance.now() - started).toBeGreaterThan(1_000);
    // The program has started the watchdog in this or an earlier step of its loop; in the same step it registers everything.
    child.send("ping");
    await once(child, "message");
    child.kill("SIGKILL");
    await expect.poll(() => survivors(guarded), { timeout: 8_000 }).toEqual([]);
    await expect.poll(() => existsSync(dirname(file)), { timeout: 8_000 }).toBe(false);
    // The waits above may take longer than the default limit of a unit test.
  }, 60_000);

  it("[A1.18] does nothing on Windows", () => {
    const watchdog = createWatchdog({ platform: "win32" });
    watchdog.guard({ pid: process.pid, marker: { name: "CODEXKIT_RUN_1", value: "1" } })();
    watchdog.close();
  });
});

function watchdogsOf(pid = 0): number[] {
  return carriers("codexkit-watchdog", "cmdline").filter((each) => parentOf(each) === pid);
}

/** Starts a host program with four families of processes, of which it guards one. */
async function startHost(what: "wait" | "end" | "release") {
  const [guarded, other] = [createFamilyToken(), createFamilyToken()];
  const child = fork(host, [guarded, other, what], { execArgv: ["--import", "tsx"], stdio: "inherit" });
  onTestFinished(() => void child.kill("SIGKILL"));
  const file = String((await once(child, "message"))[0]);
  onTestFinished(() => rmSync(dirname(file), { recursive: true, force: true }));
  return { guarded, other, child, file };
}
