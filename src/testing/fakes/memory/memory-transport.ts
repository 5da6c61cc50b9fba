import { ClientClosedError } from "../../../errors/client-closed-error.js";
import { UnsupportedFeatureError } from "../../../errors/unsupported-feature-error.js";
import { BatchQueue } from "../../../internal/batch-queue.js";
import { createDeferred } from "../../../internal/deferred.js";
import { asObject, type JsonObject, type JsonValue, toJson } from "../../../internal/json.js";
import {
  decodeNotification,
  type ServerEvent,
  type ServerRequestAnswer,
  type ThreadEvent,
} from "../../../protocol/index.js";
import { ThreadNotFoundError } from "../../../transport/launch/codex-errors.js";
import type { ThreadOptions } from "../../../transport/options/options.js";
import type {
  ServerRequest,
  ThreadConnection,
  ThreadSpec,
  Transport,
  TransportInfo,
  TurnConnection,
  TurnInputPart,
  TurnMessage,
  TurnSpec,
} from "../../../transport/transport.js";
import type { FakeStep, ProcessPart } from "../../script/fake-parts.js";
import { FakeThread } from "../turn/fake-thread.js";
import { FakeTurn } from "../turn/fake-turn.js";
import type { ModelRequest } from "../../script/model-request.js";
import { createIdSource } from "../../model/render-response.js";
import { Script } from "../../script/script.js";
import type { ScriptEntry } from "../../script/script-entry.js";
import type { TurnPort } from "../turn/turn-port.js";

/**
 * The in-memory twin of the transports: the same interface and the same script as the other doubles, without a process
 * or a wire. It is the fastest way to test a program that uses codexkit, and it keeps the interface honest.
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

/** Options of {@link createMemoryTransport}. */
export interface MemoryTransportOptions {
  /** Sets `raw` of each event to the line that codex would write. Default `false`. */
  readonly keepRaw?: boolean | undefined;
}

/** A transport without a process. Made by {@link createMemoryTransport}. */
export class MemoryTransport implements Transport {
  readonly name = "app-server";
  readonly features = { steer: true, start: true, request: false, pushesBack: false };
  /** What the model was asked, in order. */
  readonly modelRequests: ModelRequest[] = [];
  readonly #script: Script<FakeStep>;
  readonly #threads = new Map<string, FakeThread>();
  readonly #turns = new Set<TurnConnection>();
  readonly #nextId = createIdSource();
  readonly #keepRaw: boolean;
  #closed = false;

  constructor(steps: readonly ScriptEntry<FakeStep>[], { keepRaw = false }: MemoryTransportOptions = {}) {
    this.#keepRaw = keepRaw;
    this.#script = new Script("memory transport", steps);
  }

  /** Throws a `ScriptError` for a step that was not used and a request that had none. */
  assertDone(): void {
    this.#script.check();
  }

  ready(): Promise<TransportInfo> {
    if (this.#closed) return Promise.reject(new ClientClosedError());
    return Promise.resolve({ binaryPath: null, version: "0.169.0", supported: true, codexHome: null });
  }

  openThread(spec: ThreadSpec): ThreadConnection {
    let { options } = spec;
    let thread: FakeThread | null = null;
    const load = (): { readonly thread: FakeThread; readonly fresh: boolean } => {
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
    const made = { settings: toSettings(options), version: "0.169.0", tools: new Set(names) };
    const thread = known ?? new FakeThread(made);
    this.#threads.set(thread.id, thread);
    return thread;
  }

  #openTurn(spec: TurnSpec, load: () => { readonly thread: FakeThread; readonly fresh: boolean }): TurnConnection {
    const queue = new BatchQueue<TurnMessage>();
    const take: TurnPort["take"] = async (request) => {
      this.modelRequests.push(request);
      return this.#script.take(request);
    };
    const port = new MemoryPort(queue, { nextId: this.#nextId, take, keepRaw: this.#keepRaw });
    let playing: { readonly turn: FakeTurn; readonly done: Promise<unknown> } | null = null;
    async function* messages(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
      const { thread, fresh } = load();
      if (fresh) port.notifyRaw("thread/started", { thread: asObject(toJson(thread.toThread())) });
      const turn = new FakeTurn({
        thread,
        port,
        input: toWireInput(spec.input),
        outputSchema: spec.outputSchema ?? undefined,
      });
      const done = turn.play().finally(() => {
        queue.end();
      });
      done.catch(() => undefined);
      playing = { turn, done };
      yield* queue;
    }
    const interrupt = async (): Promise<void> => {
      playing?.turn.interrupt();
      await playing?.done;
    };
    const connection: TurnConnection = {
      messages: messages(),
      steer: (input) => Promise.resolve(playing?.turn.steer(toWireInput(input))),
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

class MemoryPort implements TurnPort {
  readonly nextId: TurnPort["nextId"];
  readonly take: TurnPort["take"];
  readonly #queue: BatchQueue<TurnMessage>;
  readonly #keepRaw: boolean;
  #nextRequestId = 0;

  constructor(
    queue: BatchQueue<TurnMessage>,
    { nextId, take, keepRaw }: Pick<TurnPort, "nextId" | "take"> & { readonly keepRaw: boolean },
  ) {
    this.#queue = queue;
    this.nextId = nextId;
    this.take = take;
    this.#keepRaw = keepRaw;
  }

  notify(method: string, params: object): void {
    this.notifyRaw(method, asObject(toJson(params)));
  }

  notifyRaw(method: string, params: JsonObject): void {
    const message = { method, params, emittedAtMs: Date.now() };
    const event = decodeNotification(message, this.#keepRaw ? JSON.stringify(message) : undefined);
    if (isThreadEvent(event)) this.#queue.push({ kind: "event", event });
  }

  request(method: string, params: JsonObject): { readonly id: number; readonly answer: Promise<JsonObject> } {
    const id = this.#nextRequestId++;
    const answer = createDeferred<JsonObject>();
    const respond = (given: ServerRequestAnswer): void => {
      answer.resolve(asObject(toJson({ id, ...given, kind: undefined })));
    };
    const request: ServerRequest = {
      id,
      method,
      params,
      threadId: typeof params["threadId"] === "string" ? params["threadId"] : null,
    };
    this.#queue.push({ kind: "request", request, respond });
    return { id, answer: answer.promise };
  }

  perform(part: ProcessPart): Promise<void> {
    return Promise.reject(new Error(`A memory transport has no process that could do "${part.type}".`));
  }
}

function isThreadEvent(event: ServerEvent): event is ThreadEvent {
  return event.threadId !== null;
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
