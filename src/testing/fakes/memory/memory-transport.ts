import { ClientClosedError } from "../../../errors/client-closed-error.js";
import { UnsupportedFeatureError } from "../../../errors/unsupported-feature-error.js";
import { BatchQueue } from "../../../internal/batch-queue.js";
import type { JsonValue } from "../../../internal/json.js";
import { ThreadNotFoundError } from "../../../transport/launch/codex-errors.js";
import type { ThreadOptions } from "../../../transport/options/options.js";
import type {
  TakeMessages,
  ThreadConnection,
  ThreadSpec,
  Transport,
  TransportInfo,
  TurnConnection,
  TurnInputPart,
  TurnMessage,
  TurnSpec,
} from "../../../transport/transport.js";
import { createIdSource } from "../../model/render-response.js";
import { MismatchLog } from "../../script/mismatch-log.js";
import type { ModelRequest } from "../../script/model-request.js";
import type { FakeStep } from "../../script/model-step.js";
import type { ScriptEntry } from "../../script/script-entry.js";
import { Script } from "../../script/script.js";
import { FakeThread } from "../turn/fake-thread.js";
import { FakeTurn } from "../turn/fake-turn.js";
import { MemoryPort, type StepSource } from "./memory-port.js";
import { newestCodex } from "../newest-codex.js";

/** Options of {@link createMemoryTransport}. */
export interface MemoryTransportOptions {
  /** Sets `raw` of each event to the line that codex would write. Default: false. */
  readonly keepRaw?: boolean | undefined;
}

/**
 * Creates the in-memory twin of the transports, with the same interface and the same scripts as the other doubles, but
 * without a process. It is the fastest way to test a program that uses codexkit.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 * import { createMemoryTransport, message, respond } from "codexkit/testing";
 *
 * const transport = createMemoryTransport([respond(message("Hello"))]);
 * await using codex = new Codex({ transport });
 * await codex.startThread({ skipGitRepoCheck: true }).run("Say hello");
 * transport.assertDone();
 * ```
 */
export function createMemoryTransport(
  steps: readonly ScriptEntry<FakeStep>[] = [],
  options: MemoryTransportOptions = {},
): MemoryTransport {
  return new MemoryTransport(steps, options);
}

/** A transport without a process. Created by {@link createMemoryTransport}. */
export class MemoryTransport implements Transport {
  readonly name = "app-server";
  readonly features = { steer: true, start: true, request: false, pushesBack: false };
  /** The requests that codex would have sent to the model, in order. */
  readonly modelRequests: ModelRequest[] = [];
  readonly #script: Script<FakeStep>;
  readonly #steps: StepSource;
  readonly #threads = new Map<string, FakeThread>();
  readonly #turns = new Set<TurnConnection>();
  readonly #keepRaw: boolean;
  #closed = false;

  constructor(steps: readonly ScriptEntry<FakeStep>[], { keepRaw = false }: MemoryTransportOptions = {}) {
    this.#keepRaw = keepRaw;
    this.#script = new Script(steps, new MismatchLog("memory transport"));
    const take: StepSource["take"] = async (request) => {
      this.modelRequests.push(request);
      return this.#script.take(request);
    };
    this.#steps = { nextId: createIdSource(), take };
  }

  /** Throws a `ScriptError` for unused steps and for requests without a step. Throws at most once. */
  assertDone(): void {
    this.#script.check();
  }

  ready(): Promise<TransportInfo> {
    if (this.#closed) return Promise.reject(new ClientClosedError());
    return Promise.resolve({
      binaryPath: null,
      version: newestCodex.version,
      supported: true,
      standing: "proven",
      codexHome: null,
    });
  }

  openThread(spec: ThreadSpec): ThreadConnection {
    let { options } = spec;
    let thread: FakeThread | null = null;
    const load = (): LoadedThread => {
      if (this.#closed) throw new ClientClosedError();
      const fresh = thread === null && spec.threadId === null;
      thread ??= this.#find(spec, options);
      return { thread, fresh };
    };
    return {
      start: () =>
        new Promise((resolve) => {
          resolve(load().thread.id);
        }),
      update: (next) => void (options = next),
      openTurn: (turn) => this.#openTurn(turn, load),
      close: () => Promise.resolve(),
      abandon: () => Promise.resolve(),
    };
  }

  request(method: string): Promise<JsonValue> {
    return Promise.reject(
      new UnsupportedFeatureError(`The request \`${method}\``, "memory", "there is no app-server behind it."),
    );
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#turns].map((turn) => turn.close()));
  }

  #find({ threadId, tools }: ThreadSpec, options: ThreadOptions): FakeThread {
    const known = threadId === null ? undefined : this.#threads.get(threadId);
    if (threadId !== null && known === undefined) throw new ThreadNotFoundError(threadId, "no such thread in memory");
    const names = tools
      ?.definitions()
      .map(({ namespace, name }) => (namespace === null ? name : `${namespace}/${name}`));
    const thread =
      known ?? new FakeThread({ settings: toSettings(options), version: newestCodex.version, tools: new Set(names) });
    this.#threads.set(thread.id, thread);
    return thread;
  }

  #openTurn({ input, outputSchema }: TurnSpec, load: () => LoadedThread): TurnConnection {
    const queue = new BatchQueue<TurnMessage>();
    const port = new MemoryPort(queue, this.#steps, this.#keepRaw);
    let playing: { readonly turn: FakeTurn; readonly done: Promise<unknown> } | null = null;
    const run = async (take: TakeMessages): Promise<void> => {
      const { thread, fresh } = load();
      if (fresh) port.notify("thread/started", { thread: thread.toThread() });
      const turn = new FakeTurn({ thread, port, input: toWireInput(input), outputSchema: outputSchema ?? undefined });
      const done = turn.play().finally(() => {
        queue.end();
      });
      done.catch(() => undefined);
      playing = { turn, done };
      await queue.forEach(take);
    };
    const interrupt = async (): Promise<void> => {
      playing?.turn.interrupt();
      await playing?.done;
    };
    const connection: TurnConnection = {
      run,
      steer: (added) => Promise.resolve(playing?.turn.steer(toWireInput(added))),
      interrupt,
      close: async () => {
        await interrupt();
        queue.end();
        this.#turns.delete(connection);
      },
    };
    this.#turns.add(connection);
    return connection;
  }
}

interface LoadedThread {
  readonly thread: FakeThread;
  /** Whether this turn is the first one of a new thread. */
  readonly fresh: boolean;
}

function toSettings(options: ThreadOptions): FakeThread["settings"] {
  return {
    cwd: options.workingDirectory ?? "/",
    model: options.model ?? "gpt-5.5",
    modelProvider: options.modelProvider ?? "openai",
    effort: options.modelReasoningEffort ?? null,
    approvalPolicy: options.approvalPolicy ?? "never",
    sandbox: { type: "readOnly", networkAccess: false },
  };
}

function toWireInput(input: readonly TurnInputPart[]) {
  return input.map((part) => (part.type === "text" ? { ...part, text_elements: [] } : part));
}
