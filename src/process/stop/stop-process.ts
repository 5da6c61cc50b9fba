import { execFile } from "node:child_process";
import { win32 } from "node:path";
import { withDeadline } from "../../internal/time/with-deadline.js";
import type { AgentProcess } from "../spawn/agent-process.js";
import { createFamily } from "./descendants.js";
import { killFamily } from "./kill-family.js";
import type { ProcessExit } from "../spawn/process-exited-error.js";
import { createProcessTable } from "./process-table.js";
import { windowsVariable } from "../locate/search-path.js";
import type { EnvironmentMarker } from "./process-entry.js";

/** One request to codex to end by itself, and the wait for it in milliseconds. */
export interface StopStep {
  readonly action: "endInput" | "SIGINT" | "SIGTERM";
  readonly waitMs: number;
}

/**
 * The steps of each transport before SIGKILL. `codex exec` cleans up only on SIGINT, the app-server at the end of its input
 * and on SIGTERM. Both need tens of milliseconds; a codex that needs longer does not respond.
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
  /** The environment variable that codex, its shells and its MCP servers were started with. */
  readonly marker?: EnvironmentMarker | undefined;
  /** The start of codex (`startOf`). */
  readonly since?: string | null | undefined;
  readonly platform?: NodeJS.Platform | undefined;
  /** The environment of codex, which on Windows has the path of the system's programs. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
}

/**
 * Ends codex and all processes that it started: notes the family, asks codex to end by itself, then kills the remaining
 * processes until none is left. Takes tens of milliseconds if codex responds, and four seconds at most. Idempotent: a second
 * call returns the promise of the first. If codex has already ended, the processes with the marker are still killed. Never
 * rejects.
 *
 * Known limit: a process that, before this call and outside a sandbox, left codex's tree, sessions and groups with an empty
 * environment (`env -i setsid x &` in a subshell that ended).
 *
 * The watchdog does the same if the host program dies.
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
  const { marker, since, platform = process.platform, env } = options;
  const table = createProcessTable(marker === undefined ? [] : [marker], { since, platform });
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

/** Returns the steps that a platform supports. On Windows every signal kills at once, so only the end of the input is left. */
export function gracefulSteps(plan: readonly StopStep[], platform: NodeJS.Platform): readonly StopStep[] {
  return platform === "win32" ? plan.filter(({ action }) => action === "endInput") : plan;
}

/**
 * Returns the command that ends a process and its children on Windows. It has its full path, because Windows would first
 * search the current folder for a bare name.
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
