import type { ChildProcess } from "node:child_process";
import { describe, expect, test } from "vitest";
import { createDeferred } from "../../../src/internal/deferred.js";
import { gate, message, respond, shell } from "../../../src/testing/index.js";
import { createFamilyToken, survivors } from "../../unit/process/survivors.js";
import { endOf, parseLines } from "./cli-process.js";
import { openRunStand, type RunStand } from "./cli-run-stand.js";
import { processesHolding, transports } from "../real-codex.js";

/** Time limit for the end of all processes, in milliseconds. */
const boundMs = 10_000;

describe.skipIf(process.platform !== "linux").each(transports)(
  "codexkit run --transport %s and signals",
  (transport) => {
    test.each([
      ["Ctrl-C that only it hears", false],
      ["Ctrl-C in a terminal, which codex hears, too", true],
    ])(
      "[A1.5] %s interrupts the turn: the partial answer is printed, and the thread stays usable",
      async (_name, toGroup) => {
        const token = createFamilyToken();
        const steps = [respond(message("So far."), longCommand(token)), respond(message("Went on."))];
        await using stand = await openRunStand(steps);
        const child = stand.start(["Work", "--transport", transport], { group: true });
        const ended = endOf(child);
        await printed(child.stderr, /^run /m);
        await expect.poll(() => survivors(token).length).toBeGreaterThan(0);
        send(child, "SIGINT", toGroup);
        const { exitCode, stdout, stderr } = await ended;
        expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: "So far.\n" });
        expect(stderr).toMatch(/^codexkit: interrupting the turn; press Ctrl-C again to end at once$/m);
        expect(stderr).not.toMatch(/ABORTED|PROCESS_EXITED/);
        await expectNoProcess(stand, token);
        const threadId = /--resume (\S+)/.exec(stderr)?.[1] ?? "";
        const next = await stand.run(["Go on", "--resume", threadId, "--transport", transport]);
        expect(next).toMatchObject({ exitCode: 0, stdout: "Went on.\n" });
      },
    );

    test("[A1.5] a second Ctrl-C ends the process at once without leftovers, even if codex does not answer", async () => {
      const token = createFamilyToken();
      await using stand = await openRunStand([respond(message("So far."), longCommand(token))]);
      const child = stand.start(["Work", "--json", "--transport", transport], { group: true });
      const ended = endOf(child);
      await printed(child.stdout, /"commandExecution"/);
      await expect.poll(() => survivors(token).length).toBeGreaterThan(0);
      for (const pid of await processesHolding("codex", "cmdline")) {
        if ((await processesHolding(stand.place.codexHome, "environ")).includes(pid) && pid !== child.pid)
          process.kill(pid, "SIGSTOP");
      }
      send(child, "SIGINT");
      await printed(child.stderr, /press Ctrl-C again/);
      const again = setInterval(() => send(child, "SIGINT"), 100);
      const { stdout } = await ended.finally(() => clearInterval(again));
      expect(child.signalCode).toBe("SIGINT");
      expect(parseLines(stdout).at(-1)).toMatchObject({
        type: "codexkit.run.result",
        ok: false,
        exitCode: 130,
        threadId: expect.any(String) as unknown,
        error: { code: "ABORTED" },
      });
      await expectNoProcess(stand, token);
    });

    test("[A1.5] SIGTERM ends the turn and closes the client", async () => {
      const token = createFamilyToken();
      await using stand = await openRunStand([respond(longCommand(token))]);
      const child = stand.start(["Work", "--json", "--transport", transport]);
      const ended = endOf(child);
      await printed(child.stdout, /"commandExecution"/);
      send(child, "SIGTERM");
      const { exitCode, stdout, stderr } = await ended;
      expect(exitCode).toBe(130);
      expect(stderr).toMatch(/^codexkit: ABORTED: /);
      expect(parseLines(stdout).at(-1)).toMatchObject({ ok: false, exitCode: 130, error: { code: "ABORTED" } });
      await expectNoProcess(stand, token);
    });
  },
);

test("[A1.5] Ctrl-C prints the unfinished answer", async () => {
  await using stand = await openRunStand([
    respond(message("Half an answer", { deltas: ["Half an", gate(), " answer"] })),
  ]);
  const child = stand.start(["Work", "--json"]);
  const ended = endOf(child);
  await printed(child.stdout, /agentMessage.delta/);
  send(child, "SIGINT");
  const { exitCode, stdout } = await ended;
  expect(exitCode).toBe(130);
  expect(parseLines(stdout).at(-1)).toMatchObject({ ok: false, status: "interrupted", finalResponse: "Half an" });
});

function longCommand(token: string) {
  return shell(`sleep 86400.${token}`, { yieldTimeMs: 60_000 });
}

function send(child: ChildProcess, signal: NodeJS.Signals, toGroup = false): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(toGroup ? -child.pid : child.pid, signal);
}

/** Resolves when the stream contains the text. The stream has other readers, too. */
async function printed(stream: ChildProcess["stdout"], pattern: RegExp): Promise<void> {
  if (stream === null) throw new Error("there is no such stream");
  const found = createDeferred<void>();
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (pattern.test(text)) found.resolve();
  });
  stream.once("end", () => found.reject(new Error(`it did not contain ${String(pattern)}, but:\n${text}`)));
  await found.promise;
}

async function expectNoProcess({ place }: RunStand, token: string): Promise<void> {
  await expect.poll(() => survivors(token), { timeout: boundMs }).toEqual([]);
  await expect.poll(() => processesHolding(place.codexHome, "environ"), { timeout: boundMs }).toEqual([]);
}
