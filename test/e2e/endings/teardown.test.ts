import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { scratchFolder } from "../../../scripts/house/scratch-folder.js";
import type { Codex, Thread, ThreadEvent, Turn } from "../../../src/index.js";
import { gate, message, respond, shell, when } from "../../../src/testing/index.js";
import { createFamilyToken, sleepers, survivors } from "../../unit/process/survivors.js";
import { daemonsCommand, familyCommand, familyIsUp } from "./family-command.js";
import { openRealCodex, processesHolding, transports } from "../real-codex.js";

/** A bound with slack: A1.5 requires two seconds, an idle machine needs a tenth of one. */
const endingBoundMs = 10_000;

/** Leaves time for the start of the family. */
const timeoutMs = 4_000;

const sandboxes = ["read-only", "workspace-write", "danger-full-access"] as const;
const outputSchema = { type: "object", properties: {}, required: [], additionalProperties: false } as const;

interface Running {
  readonly codex: Codex;
  readonly thread: Thread;
  readonly turn: Turn<unknown>;
  readonly abort: AbortController;
  /** Resolves with the time when the family was running. */
  readonly up: () => Promise<void>;
}

/** Each ends the turn in its way, and resolves when the caller is notified. */
const endings: Readonly<Record<string, (running: Running) => Promise<void>>> = {
  async break({ turn, up }) {
    for await (const event of turn) {
      if (!isCommand(event)) continue;
      await up();
      break;
    }
    expect(await turn.result()).toMatchObject({ status: "interrupted" });
  },
  async "a throw in the consumer"({ turn, up }) {
    const consume = async (): Promise<void> => {
      for await (const event of turn) {
        if (!isCommand(event)) continue;
        await up();
        throw new Error("of the consumer");
      }
    };
    await expect(consume()).rejects.toThrow("of the consumer");
  },
  async "return()"({ turn, up }) {
    const { events } = turn;
    for (let next = await events.next(); next.done !== true && !isCommand(next.value);) next = await events.next();
    await up();
    expect(await events.return?.()).toEqual({ done: true, value: undefined });
    expect(await events.next()).toEqual({ done: true, value: undefined });
  },
  async "an abort"({ turn, up, abort }) {
    const result = turn.result();
    await up();
    const reason = new Error("enough");
    abort.abort(reason);
    await expect(result).rejects.toMatchObject({ name: "AbortError", code: "ABORTED", cause: reason });
  },
  async timeoutMs({ turn, up }) {
    const result = turn.result();
    const refused = expect(result).rejects.toMatchObject({ code: "TURN_TIMEOUT", limit: "timeoutMs" });
    await up();
    await refused;
  },
  async "turn.interrupt()"({ turn, up }) {
    const result = turn.result();
    await up();
    await turn.interrupt();
    expect(await result).toMatchObject({ status: "interrupted" });
  },
  async "await using"({ turn, up }) {
    {
      await using running = await turn.start();
      await up();
      expect(running.status).toBe("running");
    }
    expect(await turn.result()).toMatchObject({ status: "interrupted" });
  },
  async "thread.close()"({ thread, turn, up }) {
    const refused = expect(turn.result()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    await up();
    await thread.close();
    await refused;
  },
  async "codex.close()"({ codex, turn, up }) {
    const refused = expect(turn.result()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    await up();
    await codex.close();
    await refused;
  },
};

describe.skipIf(process.platform !== "linux").each(transports)("on the real binary, %s", (transport) => {
  describe.each(["workspace-write", "danger-full-access"] as const)("%s", (sandboxMode) => {
    it.each(Object.keys(endings))(
      "[A1.5] %s ends the turn with its shells, grandchildren and daemons, and no other process",
      async (name) => {
        const temporary = await ownTemporaryFolder();
        const before = childHandles();
        const [token, otherToken] = [createFamilyToken(), createFamilyToken()];
        const steps = [
          when("once more", respond(message("{}"))),
          when("bystander", respond(shell(familyCommand(otherToken), { yieldTimeMs: 60_000 }))),
          when("family", respond(shell(familyCommand(token), { yieldTimeMs: 60_000 }))),
        ];
        await using stand = await openRealCodex(transport, steps);
        const { codex } = stand;
        const options = { ...stand.thread, sandboxMode };
        const [thread, bystander] = [codex.startThread(options), codex.startThread(options)];
        const abort = new AbortController();
        const limit = name === "timeoutMs" ? { timeoutMs } : {};
        const turn = thread.runStreamed("Make a family", { outputSchema, signal: abort.signal, ...limit });
        const other = bystander.runStreamed("Be a bystander");
        const otherEnded = other.result().catch(() => undefined);
        await familyIsUp(otherToken);
        const bystanders = sleepers(otherToken);
        let upAt = Infinity;
        const up = async (): Promise<void> => {
          await familyIsUp(token);
          upAt = performance.now();
        };

        await endings[name]?.({ codex, thread, turn, abort, up });

        expect(performance.now() - upAt).toBeLessThan(endingBoundMs);
        expect(await commandLinesOf(survivors(token))).toEqual([]);
        expect(await readdir(temporary)).toEqual([]);
        if (name !== "codex.close()") {
          expect(sleepers(otherToken)).toEqual(bystanders);
          const again = name === "thread.close()" ? codex.resumeThread(thread.toJSON()) : thread;
          expect((await again.run("once more")).finalResponse).toBe("{}");
          expect(sleepers(otherToken)).toEqual(bystanders);
          if (transport === "app-server") expect(stand.pids).toHaveLength(1);
          await codex.close();
        }
        await otherEnded;
        expect(await commandLinesOf(survivors(otherToken))).toEqual([]);
        expect(stand.pids.filter(isAlive)).toEqual([]);
        expect(await readdir(temporary)).toEqual([]);
        await expect.poll(childHandles).toEqual(before);
      },
    );
  });

  it("[A1.5] close() ends an MCP server that ignores SIGTERM and the end of its input, with its daemon", async () => {
    const token = createFamilyToken();
    const held = gate();
    await using stand = await openRealCodex(transport, [respond(held, message("Done."))]);
    const server = fileURLToPath(new URL("stubborn-mcp-server.mjs", import.meta.url));
    const config = { mcp_servers: { stubborn: { command: process.execPath, args: [server, token] } } };
    const codex = stand.client(stand.model.codexOptions({ codexHome: stand.home, config }));
    const result = codex.startThread(stand.thread).run("Say it");
    await expect.poll(() => sleepers(token).length, { timeout: 20_000 }).toBe(1);
    held.open();
    expect((await result).finalResponse).toBe("Done.");
    await codex.close();
    expect(await commandLinesOf(survivors(token))).toEqual([]);
  });

  it.each(["turn.interrupt()", "codex.close()"] as const)(
    "[A1.5] %s ends a command that runs its own codex, with the daemons of that codex",
    async (ending) => {
      const token = createFamilyToken();
      const held = respond(shell(`${daemonsCommand(token)}; exec sleep 86400.${token}`, { yieldTimeMs: 60_000 }));
      await using inner = await openRealCodex(transport, [held]);
      const setup = {
        codex: { ...inner.model.codexOptions({ codexHome: inner.home }), transport },
        thread: { ...inner.thread, sandboxMode: "danger-full-access" },
        byItself: null,
      };
      const setupFile = join(inner.home, "../setup.json");
      await writeFile(setupFile, JSON.stringify(setup));
      const program = fileURLToPath(new URL("dying-host.mjs", import.meta.url));
      const command = `TMPDIR='${inner.home}/..' DYING_HOST_SETUP="$(cat '${setupFile}')" exec '${process.execPath}' '${program}'`;
      await using outer = await openRealCodex(transport, [respond(shell(command, { yieldTimeMs: 60_000 }))]);
      const thread = outer.codex.startThread({ ...outer.thread, sandboxMode: "danger-full-access" });
      const turn = thread.runStreamed("Be a host");
      const result = turn.result().catch(() => undefined);
      await expect.poll(() => sleepers(token).length, { timeout: 20_000 }).toBeGreaterThan(3);
      if (ending === "turn.interrupt()") await turn.interrupt();
      else await outer.codex.close();
      await result;
      expect(await commandLinesOf(survivors(token))).toEqual([]);
      await expect.poll(() => processesHolding(inner.home, "environ")).toEqual([]);
    },
  );

  it.each(sandboxes)("a double fork with an empty environment survives, as a known limit, %s", async (sandboxMode) => {
    const token = createFamilyToken();
    const command = `(env -i setsid sleep 86400.${token} &); sleep 60`;
    await using stand = await openRealCodex(transport, [respond(shell(command, { yieldTimeMs: 60_000 }))]);
    const turn = stand.codex.startThread({ ...stand.thread, sandboxMode }).runStreamed("Escape");
    const result = turn.result();
    await expect.poll(() => sleepers(token).length, { timeout: 20_000 }).toBe(1);
    await turn.interrupt();
    await result;
    await stand.codex.close();
    expect(survivors(token)).toHaveLength(sandboxMode === "danger-full-access" ? 1 : 0);
  });
});

it.skipIf(process.platform !== "linux").each(sandboxes)(
  "[A1.5] on the real binary, exec: a completed turn ends the daemons of its commands, %s",
  async (sandboxMode) => {
    const token = createFamilyToken();
    const steps = [respond(shell(daemonsCommand(token), { yieldTimeMs: 20_000 })), respond(message("Done."))];
    await using stand = await openRealCodex("exec", steps);
    const thread = stand.codex.startThread({ ...stand.thread, sandboxMode });
    expect(await thread.run("Leave daemons behind")).toMatchObject({ status: "completed", finalResponse: "Done." });
    expect(stand.model.requests).toHaveLength(2);
    expect(await commandLinesOf(survivors(token))).toEqual([]);
  },
);

function isCommand(event: ThreadEvent): boolean {
  return event.type === "item.started" && event.item.type === "commandExecution";
}

/** A temporary folder for the files of codexkit, without files of other tests. */
async function ownTemporaryFolder(): Promise<string> {
  const folder = scratchFolder("e2e", `tmp-${crypto.randomUUID()}`);
  await mkdir(folder, { recursive: true });
  vi.stubEnv("TMPDIR", folder);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await rm(folder, { recursive: true, force: true });
  });
  return folder;
}

/** Returns the number of children and pipes that keep this process running. */
function childHandles(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    if (/^(Process|Pipe)/.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

async function commandLinesOf(pids: readonly number[]): Promise<string[]> {
  const texts = await Promise.all(pids.map((pid) => readFile(`/proc/${String(pid)}/cmdline`, "utf8").catch(() => "")));
  return texts.map((text, index) => `${String(pids[index])} ${text.split("\0").join(" ")}`);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
