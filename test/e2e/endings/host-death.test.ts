import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { listProcesses, readProcess, type LivingProcess } from "../../../scripts/check/process-list.js";
import { message, respond, shell, type ScriptEntry } from "../../../src/testing/index.js";
import { createFamilyToken, survivors } from "../../unit/process/survivors.js";
import { daemonsCommand, familyCommand, familyIsUp } from "./family-command.js";
import { openRealCodex, processesHolding, transports } from "../real-codex.js";

const program = fileURLToPath(new URL("dying-host.mjs", import.meta.url));
const mcpServer = fileURLToPath(new URL("stubborn-mcp-server.mjs", import.meta.url));
const sandboxes = ["workspace-write", "danger-full-access"] as const;

/** Time limit for an idle host program in milliseconds, including its turn. */
const endBoundMs = 20_000;

/** Time limit for the end of all processes, in milliseconds. */
const boundMs = 10_000;

interface Death {
  readonly name: string;
  readonly signal: NodeJS.Signals;
  /** The signal goes to the whole process group, as from a terminal. */
  readonly group?: boolean;
  readonly byItself?: "exit" | "throw";
  /** The exit status of the host program, unchanged by codexkit. */
  readonly ended: { readonly code: number | null; readonly signal: NodeJS.Signals | null };
  readonly error?: RegExp;
}

const deaths: readonly Death[] = [
  { name: "process.exit()", signal: "SIGUSR2", byItself: "exit", ended: { code: 3, signal: null } },
  {
    name: "an uncaught throw",
    signal: "SIGUSR2",
    byItself: "throw",
    ended: { code: 1, signal: null },
    error: /the host's own failure/,
  },
  ...(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const).map((signal) => ({
    name: signal,
    signal,
    ended: { code: null, signal },
  })),
  { name: "Ctrl-C in a terminal", signal: "SIGINT", group: true, ended: { code: null, signal: "SIGINT" } },
];

describe.skipIf(process.platform !== "linux").each(transports)(
  "the death of the host program on the real binary, %s",
  (transport) => {
    describe.each(sandboxes)("%s", (sandboxMode) => {
      it.each(deaths.map((death) => [death.name, death] as const))(
        "[A1.5] %s during a turn ends codex, its commands, their daemons and the watchdog, and does not change the host program's exit status",
        async (_name, { signal, group = false, byItself = null, ended, error = /^$/ }) => {
          const token = createFamilyToken();
          // A limit outside a sandbox: if the signal reaches codex and the watchdog at the same moment, codex may end the parents
          // of a daemon without environment before the watchdog has noted the daemon's origin.
          const signalled = transport === "app-server" || group;
          const family = { bare: sandboxMode !== "danger-full-access" || !signalled };
          const steps = [respond(shell(familyCommand(token, family), { yieldTimeMs: 60_000 }))];
          await using host = await startHost({ transport, sandboxMode, steps, token, byItself });
          await familyIsUp(token, family);
          const sought = [
            transport === "exec" ? /codex exec/ : /codex app-server/,
            /stubborn-mcp-server/,
            /codexkit-watchdog/,
          ];
          for (const words of sought) {
            await expect
              .poll(() => descendantsOf(host.pid).some(({ commandLine }) => words.test(commandLine)))
              .toBe(true);
          }
          const descendants = descendantsOf(host.pid);

          process.kill(group ? -host.pid : host.pid, signal);

          expect(await host.ended).toEqual(ended);
          await expect.poll(() => commandLinesOf(survivors(token)), { timeout: boundMs }).toEqual([]);
          await expect.poll(() => stillAlive(descendants), { timeout: boundMs }).toEqual([]);
          await expect.poll(() => processesHolding(host.home, "environ"), { timeout: boundMs }).toEqual([]);
          await expect.poll(() => readdir(host.temporary), { timeout: boundMs }).toEqual([]);
          expect(await host.stderr).toMatch(error);
        },
      );

      it("[A1.5] a host program that ends without close() ends, and no process of its finished turn remains", async () => {
        const token = createFamilyToken();
        const steps = [respond(shell(daemonsCommand(token), { yieldTimeMs: 20_000 })), respond(message("{}"))];
        await using host = await startHost({ transport, sandboxMode, steps, token, byItself: null });
        const seen = new Map<number, LivingProcess>();
        const watch = setInterval(() => {
          for (const entry of descendantsOf(host.pid)) seen.set(entry.pid, entry);
        }, 50);
        onTestFinished(() => clearInterval(watch));
        const late = delay(endBoundMs, "still running", { ref: false });
        expect(await Promise.race([host.ended, late])).toEqual({ code: 0, signal: null });
        clearInterval(watch);
        expect(await host.stdout).toBe("{}\n");
        expect(seen.size).toBeGreaterThan(0);
        await expect.poll(() => commandLinesOf(survivors(token)), { timeout: boundMs }).toEqual([]);
        await expect.poll(() => stillAlive([...seen.values()]), { timeout: boundMs }).toEqual([]);
        await expect.poll(() => processesHolding(host.home, "environ"), { timeout: boundMs }).toEqual([]);
        expect(await readdir(host.temporary)).toEqual([]);
        expect(await host.stderr).toBe("");
      });
    });
  },
);

interface HostOptions {
  readonly transport: (typeof transports)[number];
  readonly sandboxMode: (typeof sandboxes)[number];
  readonly steps: readonly ScriptEntry[];
  /** For the command line of its MCP server. */
  readonly token: string;
  readonly byItself: "exit" | "throw" | null;
}

async function startHost({ transport, sandboxMode, steps, token, byItself }: HostOptions) {
  const stand = await openRealCodex(transport, steps);
  const config = { mcp_servers: { stubborn: { command: process.execPath, args: [mcpServer, token] } } };
  const codex = { ...stand.model.codexOptions({ codexHome: stand.home, config }), transport };
  const temporary = join(stand.home, "../tmp");
  await mkdir(temporary);
  const setup = { codex, thread: { ...stand.thread, sandboxMode }, byItself };
  const child = spawn(process.execPath, [program], {
    // Its own process group, as for each job of a shell.
    detached: true,
    env: { ...process.env, TMPDIR: temporary, DYING_HOST_SETUP: JSON.stringify(setup) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = once(child, "exit").then(([code, signal]: unknown[]) => ({ code, signal }));
  return {
    pid: child.pid ?? 0,
    home: stand.home,
    temporary,
    ended,
    stdout: text(child.stdout),
    stderr: text(child.stderr),
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await ended;
      for (const pid of await processesHolding(stand.home, "environ")) process.kill(pid, "SIGKILL");
      await stand[Symbol.asyncDispose]();
    },
  };
}

function descendantsOf(pid: number): LivingProcess[] {
  const processes = listProcesses();
  const found = new Set([pid]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const entry of processes) if (found.has(entry.ppid)) found.add(entry.pid);
  }
  return processes.filter((entry) => found.has(entry.pid) && entry.pid !== pid);
}

function stillAlive(processes: readonly LivingProcess[]): string[] {
  return processes
    .filter(({ pid, startTicks }) => readProcess(pid)?.startTicks === startTicks)
    .map(({ pid, commandLine }) => `${String(pid)} ${commandLine.slice(0, 200)}`);
}

function commandLinesOf(pids: readonly number[]): string[] {
  return pids.map((pid) => `${String(pid)} ${readProcess(pid)?.commandLine ?? "(gone)"}`);
}
