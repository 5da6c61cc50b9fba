import { parse } from "node:path";
import { hostDirectory } from "../../internal/host-directory.js";
import type { AgentProcess } from "../../process/spawn/agent-process.js";
import { buildEnvironment } from "../../process/spawn/build-environment.js";
import type { LocatedBinary } from "../../process/locate/locate-binary.js";
import { createRedactor, type Redact } from "../../internal/secrets/redact.js";
import { spawnAgent } from "../../process/spawn/spawn-agent.js";
import { startOf } from "../../process/stop/process-table.js";
import { type StopStep, stopProcess } from "../../process/stop/stop-process.js";
import type { Watchdog } from "../../process/watchdog/watchdog.js";
import { publish } from "../../telemetry/channels.js";
import { secretsOf, threadSecretsOf } from "../config/config-secrets.js";
import type { ThreadOptions, TransportName, TransportOptions } from "../options/options.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

/** The options of every start of codex. */
export interface LaunchOptions {
  readonly client: TransportOptions;
  /** The environment of codex. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface LaunchCall extends LaunchOptions {
  /** Ends the process if the host program dies. None for a process that ends within moments. */
  readonly watchdog?: Watchdog | undefined;
  /** The signal on which codex ends its own commands, if the end of its input does not have this effect. */
  readonly graceful?: "SIGINT" | undefined;
  readonly binary: LocatedBinary;
  readonly args: readonly string[];
  readonly transport: TransportName;
  /** The environment variable that identifies all descendants of codex, which inherit it. */
  readonly marker: EnvironmentMarker;
  /** Variables added to the environment; their values are secrets. */
  readonly set?: Readonly<Record<string, string>>;
  /** Variables of the guard, which are no secrets. */
  readonly guarded?: Readonly<Record<string, string>>;
}

export interface LaunchedCodex {
  readonly agent: AgentProcess;
  readonly marker: EnvironmentMarker;
  /** Removes the caller's secrets from a text of codex. */
  readonly redact: Redact;
  /** Adds the secrets of a thread's configuration to those that `redact` and the error output replace. */
  readonly protect: (options: ThreadOptions) => void;
  /** Identifies the messages of this process on `codexkit:process`. */
  readonly operation: object;
  /** Ends codex if it still runs, and all its descendants. Idempotent. Never rejects. */
  readonly stop: (plan: readonly StopStep[]) => Promise<void>;
}

/** Starts codex and publishes its start and its end on `codexkit:process`. */
export async function launchCodex({
  client,
  env,
  binary,
  args,
  transport,
  marker,
  set = {},
  guarded = {},
  watchdog,
  graceful,
}: LaunchCall): Promise<LaunchedCodex> {
  const secrets = [...secretsOf({ ...client, env }), ...Object.values(set)];
  const agent = await spawnAgent({
    command: binary.command,
    args: [...binary.args, ...args],
    // Codex cannot start in a directory that was removed. Each thread has a working directory of its own.
    cwd: hostDirectory() === null ? parse(binary.path).root : undefined,
    env: buildEnvironment({
      env: withoutKey(env, client.apiKey),
      prependPath: binary.pathDirs,
      set: { ...guarded, ...set, [marker.name]: marker.value },
    }),
    secrets,
  });
  const operation = {};
  const { pid } = agent;
  const since = startOf(pid);
  const release = watchdog?.guard({ pid, marker, graceful });
  publish("process", () => ({ phase: "start", operation, pid, transport, binaryPath: binary.path }));
  void agent.exited.then(({ code, signal }) => {
    publish("process", () => ({ phase: "end", operation, pid, transport, exitCode: code, signal }));
  });
  return {
    agent,
    marker,
    redact: createRedactor(secrets),
    protect: (thread) => {
      for (const secret of threadSecretsOf(thread)) if (!secrets.includes(secret)) secrets.push(secret);
    },
    operation,
    stop: async (plan) => {
      await stopProcess(agent, plan, { marker, since, env });
      release?.();
    },
  };
}

/** A shorter key, such as the `local` of a gateway, occurs in ordinary values: only a variable with exactly this value holds it. */
const shortestContained = 16;

/** Codex does not work without these variables. */
const kept: ReadonlySet<string> = new Set(["PATH", "HOME", "CODEX_HOME"]);

/** Removes the variables with the key, which is passed to codex in another way: the model's commands inherit this environment. */
function withoutKey(env: LaunchOptions["env"], apiKey: string | undefined): LaunchOptions["env"] {
  if (apiKey === undefined || apiKey === "") return env;
  const holdsKey = (value = ""): boolean =>
    apiKey.length < shortestContained ? value === apiKey : value.includes(apiKey);
  return Object.fromEntries(
    Object.entries(env).filter(([name, value]) => kept.has(name.toUpperCase()) || !holdsKey(value)),
  );
}
