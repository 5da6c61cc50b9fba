import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "node:diagnostics_channel";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "smol-toml";
import { Codex, type CodexOptions, type Thread, type ThreadStartOptions, type TransportName } from "../../src/index.js";
import { createScriptedModel, type ScriptedModel } from "../../src/testing/index.js";
import type { ProbeRun } from "./probe.js";

/** The surroundings of one probe: the real binary on a scripted model, with its own CODEX_HOME and work tree. */
export interface ProbeStage {
  readonly transport: TransportName;
  readonly codexPath: string;
  readonly model: ScriptedModel;
  readonly home: string;
  readonly workTree: string;
  /** The environment of codex. */
  readonly env: Readonly<Record<string, string>>;
  readonly codex: Codex;
  /** The pids of the codex processes that this probe has started. */
  readonly pids: readonly number[];
  /** Opens another client. */
  client(options?: CodexOptions): Codex;
  /** The options of every thread. */
  threadOptions(options?: ThreadStartOptions): ThreadStartOptions;
  /** Starts a thread of `codex`. */
  thread(options?: ThreadStartOptions): Thread;
  /** Resolves once the condition holds; rejects with `description` when the probe's time is over. */
  until(description: string, condition: () => boolean | Promise<boolean>): Promise<void>;
}

export interface StageOptions {
  readonly folder: string;
  readonly codexPath: string;
  readonly signal: AbortSignal;
}

/** A model that every version knows. */
export const oldModel = "gpt-5.5";

export async function openStage(
  { probe, transport }: ProbeRun,
  { folder, codexPath, signal }: StageOptions,
): Promise<ProbeStage & AsyncDisposable> {
  const steps = probe.model?.(transport) ?? [];
  const model = await createScriptedModel(steps, { strict: false, acceptKeys: probe.acceptKeys ?? {} });
  const [home, workTree] = [join(folder, "home"), join(folder, "tree")];
  await Promise.all([home, workTree].map((path) => mkdir(path, { recursive: true })));
  const { config, env: withToken } = model.codexOptions({ codexHome: home });
  const fresh = probe.freshHome ?? false;
  const env = fresh ? { PATH: withToken["PATH"] ?? "", HOME: home, CODEX_HOME: home } : withToken;
  if (!fresh)
    await writeFile(join(home, "config.toml"), stringify({ ...config, suppress_unstable_features_warning: true }));
  const clients: Codex[] = [];
  const client = (options: CodexOptions = {}): Codex => {
    const base = { env, transport, codexPathOverride: codexPath, allowWritableBinary: true };
    const made = new Codex({ ...base, ...probe.client, ...options });
    clients.push(made);
    return made;
  };
  const codex = client();
  const threadOptions = (options: ThreadStartOptions = {}): ThreadStartOptions => ({
    model: oldModel,
    workingDirectory: workTree,
    skipGitRepoCheck: true,
    ...options,
  });
  return {
    transport,
    codexPath,
    model,
    home,
    workTree,
    env,
    codex,
    pids: startedPids.getStore() ?? [],
    client,
    threadOptions,
    thread: (options) => codex.startThread(threadOptions(options)),
    async until(description, condition) {
      while (!(await condition())) {
        if (signal.aborted) throw new Error(`waited for ${description}`);
        await sleep(20);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(clients.map((made) => made.close()));
      await model.close();
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

const startedPids = new AsyncLocalStorage<number[]>();

subscribe("codexkit:process", (message) => {
  if (typeof message !== "object" || message === null || !("pid" in message) || !("phase" in message)) return;
  if (message.phase === "start" && typeof message.pid === "number") startedPids.getStore()?.push(message.pid);
});

/** Runs `play` with its own list of started processes, because probes run at the same time. */
export function withOwnProcesses<T>(play: () => Promise<T>): Promise<T> {
  return startedPids.run([], play);
}
