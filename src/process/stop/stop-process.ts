import { execFile } from "node:child_process";
import { win32 } from "node:path";
import { withDeadline } from "../../internal/with-deadline.js";
import type { AgentProcess } from "../spawn/agent-process.js";
import { createFamily } from "./descendants.js";
import { killFamily } from "./kill-family.js";
import type { ProcessExit } from "../spawn/process-exited-error.js";
import { createProcessTable } from "./process-table.js";
import { windowsVariable } from "../locate/search-path.js";
import type { EnvironmentMarker } from "./process-entry.js";

/** One attempt to make codex end by itself, and how long it gets for that. */
export interface StopStep {
  readonly action: "endInput" | "SIGINT" | "SIGTERM";
  readonly waitMs: number;
}

/**
 * The steps of each transport before SIGKILL. `codex exec` cleans up on SIGINT only, the app-server at the end of its
 * input and on SIGTERM. Both need tens of milliseconds; a codex that needs longer does not respond.
 */
export const stopPlans = {
  exec: [
    { action: "SIGINT", waitMs: 1_000 },
    { action: "SIGTERM", waitMs: 300 },
  ],
  appServer: [
    { action: "endInput", waitMs: 1_000 },
    { action: "SIGTERM", waitMs: 300 },
  ],
} as const satisfies Record<string, readonly StopStep[]>;

export interface StopOptions {
  /** The entry of the environment that codex, its shells and its MCP servers were given. */
  readonly marker?: EnvironmentMarker | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  /** The environment of codex, in which Windows tells where its own programs are. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Ends codex and all that it started: notes the family, lets codex end by itself, then kills who is left, until nobody
 * is. Takes tens of milliseconds where codex is sound, four seconds at most. Idempotent: a second call gets the
 * first one's promise. Where codex has ended already, what carries the marker is still killed. Never rejects.
 *
 * One hole is known: a process that left codex's tree, sessions and groups with an emptied environment
 * (`env -i setsid x &` in a subshell that ended) before this was called, outside a sandbox.
 *
 * The host's own death is the task of the watchdog.
 */
export function stopProcess(
  agent: AgentProcess,
  plan: readonly StopStep[],
  options: StopOptions = {},
): Promise<ProcessExit> {
  const running = stopping.get(agent) ?? stop(agent, plan, options);
  stopping.set(agent, running);
  return running;
}

const stopping = new WeakMap<AgentProcess, Promise<ProcessExit>>();

async function stop(agent: AgentProcess, plan: readonly StopStep[], options: StopOptions): Promise<ProcessExit> {
  const { marker, platform = process.platform, env } = options;
  const table = createProcessTable(marker, platform);
  const family = createFamily(agent.exit === null ? agent.pid : undefined, process.pid);
  for (const { action, waitMs } of gracefulSteps(plan, platform)) {
    if (agent.exit !== null) break;
    family.note(await table.list());
    if (action === "endInput") agent.end();
    else agent.kill(action);
    await exitWithin(agent, waitMs);
  }
  if (platform === "win32") await killWindowsTree(agent, env);
  else await killFamily(family, table);
  if (agent.exit === null) agent.kill("SIGKILL");
  agent.end();
  return (await exitWithin(agent, 500)) ?? { code: null, signal: "SIGKILL" };
}

function exitWithin(agent: AgentProcess, timeoutMs: number): Promise<ProcessExit | undefined> {
  const onTimeout = (): Error => new Error("still running");
  return withDeadline(agent.exited, { timeoutMs, onTimeout }).catch(() => undefined);
}

/** On Windows every signal is a kill without a last word; only the end of the input is graceful there. */
export function gracefulSteps(plan: readonly StopStep[], platform: NodeJS.Platform): readonly StopStep[] {
  return platform === "win32" ? plan.filter(({ action }) => action === "endInput") : plan;
}

/**
 * The command that ends a process and its children on Windows: by its whole path, for by its name alone Windows would take
 * one of the current folder first.
 */
export function taskkillPlan(
  pid: number,
  env: StopOptions["env"] = {},
): { readonly command: string; readonly args: readonly string[] } {
  const system = windowsVariable(env, "SYSTEMROOT") ?? "C:\\Windows";
  return { command: win32.join(system, "System32", "taskkill.exe"), args: ["/T", "/F", "/PID", String(pid)] };
}

/** Not verified on Windows. */
async function killWindowsTree(agent: AgentProcess, env: StopOptions["env"]): Promise<void> {
  if (agent.exit !== null) return;
  const { command, args } = taskkillPlan(agent.pid, env);
  await new Promise<void>((resolve) => {
    execFile(command, args, { windowsHide: true, timeout: 2_000 }, () => resolve());
  });
}
