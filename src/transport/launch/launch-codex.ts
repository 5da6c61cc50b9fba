import type { AgentProcess } from "../../process/spawn/agent-process.js";
import { buildEnvironment } from "../../process/spawn/build-environment.js";
import type { LocatedBinary } from "../../process/locate/locate-binary.js";
import { createRedactor, type Redact } from "../../internal/secrets/redact.js";
import { spawnAgent } from "../../process/spawn/spawn-agent.js";
import { type StopStep, stopProcess } from "../../process/stop/stop-process.js";
import type { Watchdog } from "../../process/watchdog/watchdog.js";
import { publish } from "../../telemetry/channels.js";
import { secretsOf, threadSecretsOf } from "../config/config-secrets.js";
import type { ThreadOptions, TransportName, TransportOptions } from "../options/options.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

/** What every start of codex needs. */
export interface LaunchOptions {
  readonly client: TransportOptions;
  /** The environment codex is given. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface LaunchCall extends LaunchOptions {
  /** Ends what is started here when the host dies. None for a process that ends within moments. */
  readonly watchdog?: Watchdog | undefined;
  /** The signal after which this codex ends its own commands, where the end of its input does not do it. */
  readonly graceful?: "SIGINT" | undefined;
  readonly binary: LocatedBinary;
  readonly args: readonly string[];
  readonly transport: TransportName;
  /** The environment entry that all of codex's descendants inherit, by which they are found again. */
  readonly marker: EnvironmentMarker;
  /** Variables added to the environment; their values are secrets. */
  readonly set?: Readonly<Record<string, string>>;
}

export interface LaunchedCodex {
  readonly agent: AgentProcess;
  readonly marker: EnvironmentMarker;
  /** Takes the caller's secrets out of a text that codex wrote. */
  readonly redact: Redact;
  /** Adds the secrets of a thread's configuration to those that `redact` and the error output replace. */
  readonly protect: (options: ThreadOptions) => void;
  /** Pairs what is told of this process on `codexkit:process`. */
  readonly operation: object;
  /** Ends codex where it still runs, and all that it left behind. Idempotent; it never rejects. */
  readonly stop: (plan: readonly StopStep[]) => Promise<void>;
}

/** Starts codex and tells `codexkit:process` of its start and its end. */
export async function launchCodex({
  client,
  env,
  binary,
  args,
  transport,
  marker,
  set = {},
  watchdog,
  graceful,
}: LaunchCall): Promise<LaunchedCodex> {
  const secrets = [...secretsOf({ ...client, env }), ...Object.values(set)];
  const agent = await spawnAgent({
    command: binary.command,
    args: [...binary.args, ...args],
    env: buildEnvironment({
      env: withoutKey(env, client.apiKey),
      prependPath: binary.pathDirs,
      set: { ...set, [marker.name]: marker.value },
    }),
    secrets,
  });
  const operation = {};
  const { pid } = agent;
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
      await stopProcess(agent, plan, { marker, env });
      release?.();
    },
  };
}

/** The key is given to codex in another way; in codex's environment the commands that the model runs would see it. */
function withoutKey(env: LaunchOptions["env"], apiKey: string | undefined): LaunchOptions["env"] {
  if (apiKey === undefined) return env;
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value?.includes(apiKey) !== true));
}
