import { randomUUID } from "node:crypto";
import type { AgentProcess } from "../process/agent-process.js";
import { buildEnvironment } from "../process/build-environment.js";
import type { LocatedBinary } from "../process/locate-binary.js";
import type { EnvironmentMarker } from "../process/process-table.js";
import { spawnAgent } from "../process/spawn-agent.js";
import { publish } from "../telemetry/channels.js";
import type { TransportName, TransportOptions } from "./options.js";

/** What every start of codex needs. */
export interface LaunchOptions {
  readonly client: TransportOptions;
  /** The environment codex is given. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface LaunchCall extends LaunchOptions {
  readonly binary: LocatedBinary;
  readonly args: readonly string[];
  readonly transport: TransportName;
  /** Variables added to the environment. */
  readonly set?: Readonly<Record<string, string>>;
}

export interface LaunchedCodex {
  readonly agent: AgentProcess;
  /** The environment entry that all of codex's descendants inherit, by which they are found again. */
  readonly marker: EnvironmentMarker;
}

/** Starts codex and tells `codexkit:process` of its start and its end. */
export async function launchCodex({
  client,
  env,
  binary,
  args,
  transport,
  set = {},
}: LaunchCall): Promise<LaunchedCodex> {
  const marker: EnvironmentMarker = { name: "CODEXKIT_RUN", value: randomUUID() };
  const agent = await spawnAgent({
    command: binary.command,
    args: [...binary.args, ...args],
    env: buildEnvironment({ env, prependPath: binary.pathDirs, set: { ...set, [marker.name]: marker.value } }),
    secrets: client.apiKey === undefined ? [] : [client.apiKey],
  });
  const operation = {};
  const { pid } = agent;
  publish("process", () => ({ phase: "start", operation, pid, transport, binaryPath: binary.path }));
  void agent.exited.then(({ code, signal }) => {
    publish("process", () => ({ phase: "end", operation, pid, transport, exitCode: code, signal }));
  });
  return { agent, marker };
}
