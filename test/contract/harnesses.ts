import { randomUUID } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { scratchFolder } from "../../scripts/house/scratch-folder.js";
import { Codex, type CodexOptions, type ThreadStartOptions } from "../../src/index.js";
import {
  createFakeAppServer,
  createFakeExec,
  createMemoryTransport,
  createScriptedModel,
  type ScriptEntry,
} from "../../src/testing/index.js";

/** A transport and the codex behind it. */
export interface Harness {
  readonly name: string;
  readonly transport: "app-server" | "exec";
  /** True for the pinned binary, which uses the scripted model. */
  readonly real: boolean;
  readonly steer: boolean;
  /** True if a turn reports usage, and messages have phases and deltas. */
  readonly deltas: boolean;
  open(steps: readonly ScriptEntry[], options?: OpenOptions): Promise<Stand>;
}

export interface OpenOptions {
  readonly codex?: CodexOptions;
  /** True if events keep their source line. */
  readonly keepRaw?: boolean;
}

/** A client on a script, in its own work tree. */
export interface Stand extends AsyncDisposable {
  readonly codex: Codex;
  readonly workTree: string;
  /** The options of a thread in this stand. */
  readonly thread: ThreadStartOptions;
  /** Another client on the same script and codex home, like that of another process. */
  another(options?: CodexOptions): Codex;
  /** The number of started codex processes; null if there are none. */
  readonly spawned: () => number | null;
  /** The number of model requests. */
  readonly asked: () => number;
  /** Fails on an unexpected call and on an unused step. */
  assertDone(): Promise<void>;
}

const scratch = scratchFolder("contract");

export const harnesses: readonly Harness[] = [
  {
    name: "memory",
    transport: "app-server",
    real: false,
    steer: true,
    deltas: true,
    async open(steps, options = {}) {
      const transport = createMemoryTransport(steps, { keepRaw: options.keepRaw });
      return createStand({
        options: { transport, ...options.codex },
        spawned: () => null,
        asked: () => transport.modelRequests.length,
        assertDone: () => {
          transport.assertDone();
        },
        close: () => Promise.resolve(),
        share: true,
      });
    },
  },
  {
    name: "app-server on the fake",
    transport: "app-server",
    real: false,
    steer: true,
    deltas: true,
    async open(steps, options = {}) {
      const server = await createFakeAppServer(steps, { strict: false });
      return createStand({
        options: { ...server.codexOptions(), keepRaw: options.keepRaw, ...options.codex },
        spawned: () => server.processes.length,
        asked: () => server.modelRequests.length,
        assertDone: () => server.assertDone(),
        close: () => server.close(),
      });
    },
  },
  {
    name: "exec on the fake",
    transport: "exec",
    real: false,
    steer: false,
    deltas: false,
    async open(steps, options = {}) {
      const exec = await createFakeExec(steps, { strict: false });
      return createStand({
        options: { ...exec.codexOptions(), keepRaw: options.keepRaw, ...options.codex },
        spawned: () => exec.processes.length,
        asked: () => exec.modelRequests.length,
        assertDone: () => exec.assertDone(),
        close: () => exec.close(),
      });
    },
  },
  realHarness("app-server"),
  realHarness("exec"),
];

function realHarness(transport: "app-server" | "exec"): Harness {
  return {
    name: `${transport} on the real binary`,
    transport,
    real: true,
    steer: transport === "app-server",
    deltas: transport === "app-server",
    async open(steps, options = {}) {
      const model = await createScriptedModel(steps, { strict: false });
      const codexHome = join(scratch, `home-${randomUUID()}`);
      await mkdir(codexHome, { recursive: true });
      return createStand({
        options: { ...model.codexOptions({ codexHome }), transport, keepRaw: options.keepRaw, ...options.codex },
        spawned: () => null,
        asked: () => model.requests.length,
        assertDone: () => model.assertDone(),
        async close() {
          await model.close();
          await rm(codexHome, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
        },
      });
    },
  };
}

interface StandParts {
  readonly options: CodexOptions;
  readonly spawned: () => number | null;
  readonly asked: () => number;
  readonly assertDone: () => void | Promise<void>;
  readonly close: () => Promise<void>;
  /** All clients share the transport object, so closing one client must not close it. */
  readonly share?: boolean;
}

async function createStand({ options, spawned, asked, assertDone, close }: StandParts): Promise<Stand> {
  const workTree = join(scratch, `tree-${randomUUID()}`);
  await mkdir(workTree, { recursive: true });
  const clients: Codex[] = [];
  const another = (more: CodexOptions = {}): Codex => {
    const codex = new Codex({ ...options, ...more });
    clients.push(codex);
    return codex;
  };
  return {
    codex: another(),
    workTree,
    thread: { model: "gpt-5.5", workingDirectory: workTree, skipGitRepoCheck: true },
    another,
    spawned,
    asked,
    async assertDone() {
      await assertDone();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(clients.map((codex) => codex.close()));
      await close();
      await rm(workTree, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    },
  };
}
