import { randomUUID } from "node:crypto";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../scripts/house/read-files.js";
import { scratchFolder } from "../../scripts/house/scratch-folder.js";
import { isTemporary } from "../../src/cli/scratch-folder.js";
import { Codex, type CodexOptions, type ThreadStartOptions } from "../../src/index.js";
import { createScriptedModel, type ScriptedModel, type ScriptEntry } from "../../src/testing/index.js";

const scratch = scratchFolder("e2e");

/** In a clone under the system's temporary folder every sandbox may write to the binary. */
const allowWritableBinary = isTemporary(root);

export const transports = ["app-server", "exec"] as const;

/** The real binary on a scripted model, with its own codex home and work tree. */
export interface RealCodex extends AsyncDisposable {
  readonly model: ScriptedModel;
  readonly codex: Codex;
  readonly home: string;
  readonly workTree: string;
  readonly thread: ThreadStartOptions;
  /** The pids of the codex processes started so far. */
  readonly pids: readonly number[];
  client(options?: CodexOptions): Codex;
}

export interface RealCodexOptions {
  readonly codex?: CodexOptions;
  readonly acceptKeys?: Readonly<Record<string, string>>;
}

export async function openRealCodex(
  transport: "app-server" | "exec",
  steps: readonly ScriptEntry[],
  { codex: options = {}, acceptKeys = {} }: RealCodexOptions = {},
): Promise<RealCodex> {
  const model = await createScriptedModel(steps, { strict: false, acceptKeys });
  const root = join(scratch, randomUUID());
  const [home, workTree] = [join(root, "home"), join(root, "tree")];
  await mkdir(home, { recursive: true });
  await mkdir(workTree);
  const clients: Codex[] = [];
  const client = (more: CodexOptions = {}): Codex => {
    const base = { ...model.codexOptions({ codexHome: home }), transport, allowWritableBinary };
    const made = new Codex({ ...base, ...options, ...more });
    clients.push(made);
    return made;
  };
  const pids: number[] = [];
  const onProcess = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("pid" in message) || !("phase" in message)) return;
    if (message.phase === "start" && typeof message.pid === "number") pids.push(message.pid);
  };
  subscribe("codexkit:process", onProcess);
  return {
    model,
    codex: client(),
    home,
    workTree,
    thread: { model: "gpt-5.5", workingDirectory: workTree, skipGitRepoCheck: true },
    pids,
    client,
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((made) => made.close()));
      unsubscribe("codexkit:process", onProcess);
      await model.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
}

/** Returns the files below a folder that contain the text. */
export async function filesHolding(folder: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}

/** Returns the pids of processes with the text in their environment or arguments. Linux only. */
export async function processesHolding(text: string, where: "environ" | "cmdline"): Promise<number[]> {
  const found: number[] = [];
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const content = await readFile(`/proc/${name}/${where}`).catch(() => Buffer.alloc(0));
    if (content.includes(text)) found.push(Number(name));
  }
  return found;
}
