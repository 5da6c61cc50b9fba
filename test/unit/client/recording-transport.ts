import { createDeferred } from "../../../src/internal/deferred.js";
import { BatchQueue } from "../../../src/internal/batch-queue.js";
import type { JsonValue } from "../../../src/internal/json.js";
import type { ServerRequestAnswer, ThreadEvent } from "../../../src/protocol/index.js";
import type {
  ServerRequest,
  TakeMessages,
  ThreadConnection,
  ThreadOptions,
  ThreadSpec,
  Transport,
  TransportInfo,
  TurnConnection,
  TurnInputPart,
  TurnMessage,
  TurnSpec,
} from "../../../src/transport/transport.js";

/** A transport that records its calls. The test emits the messages of its turns. */
export class RecordingTransport implements Transport {
  readonly name: Transport["name"];
  readonly features: Transport["features"];
  /** All calls, in order. */
  readonly sent: string[] = [];
  readonly turns: RecordedTurn[] = [];
  readonly updates: ThreadOptions[] = [];
  readonly threads: ThreadSpec[] = [];
  readonly #opened: ((turn: RecordedTurn) => void)[] = [];

  constructor(name: Transport["name"] = "app-server") {
    const all = name === "app-server";
    this.name = name;
    this.features = { steer: all, start: all, request: all, pushesBack: false };
  }

  /** Resolves with the next turn that runs. */
  nextTurn(): Promise<RecordedTurn> {
    return new Promise((resolve) => this.#opened.push(resolve));
  }

  ready(): Promise<TransportInfo> {
    this.sent.push("ready");
    return Promise.resolve({ binaryPath: null, version: null, standing: "proven", supported: true, codexHome: null });
  }

  openThread(spec: ThreadSpec): ThreadConnection {
    this.threads.push(spec);
    return {
      start: () => {
        this.sent.push("start");
        return Promise.resolve(spec.threadId ?? "thread-1");
      },
      update: (options) => void this.updates.push(options),
      openTurn: (turn) => this.#openTurn(turn),
      close: () => {
        this.sent.push("close thread");
        return Promise.resolve();
      },
      abandon: () => Promise.resolve(),
    };
  }

  request(method: string): Promise<JsonValue> {
    this.sent.push(method);
    return Promise.resolve({});
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #openTurn(spec: TurnSpec): TurnConnection {
    const turn = new RecordedTurn(spec, () => {
      this.sent.push("turn");
      this.turns.push(turn);
      this.#opened.shift()?.(turn);
    });
    return turn;
  }
}

/** One turn of a recording transport. */
export class RecordedTurn implements TurnConnection {
  readonly spec: TurnSpec;
  readonly steered: (readonly TurnInputPart[])[] = [];
  readonly closed = createDeferred<undefined>();
  interrupts = 0;
  /** Codex's answer to `steer()`. */
  steerError: Error | null = null;
  /** Codex answers `steer()` when this resolves. */
  steerAnswered: Promise<unknown> = Promise.resolve();
  readonly #queue = new BatchQueue<TurnMessage>();

  readonly #onRun: () => void;

  constructor(spec: TurnSpec, onRun: () => void) {
    this.spec = spec;
    this.#onRun = onRun;
  }

  async run(take: TakeMessages): Promise<void> {
    this.#onRun();
    await this.#queue.forEach(take);
  }

  say(...events: readonly ThreadEvent[]): void {
    for (const event of events) {
      this.#queue.push({ kind: "event", event });
      if (event.type === "turn.completed") this.#queue.end();
    }
  }

  /** Sends a server request. Resolves with the answer. */
  ask(request: ServerRequest): Promise<ServerRequestAnswer> {
    return new Promise((respond) => this.#queue.push({ kind: "request", request, respond }));
  }

  /** Ends without a terminal event. */
  die(error: Error): void {
    this.#queue.end(error);
  }

  async steer(input: readonly TurnInputPart[]): Promise<void> {
    if (this.steerError === null) this.steered.push(input);
    await this.steerAnswered;
    if (this.steerError !== null) throw this.steerError;
  }

  interrupt(): Promise<void> {
    this.interrupts += 1;
    this.say({ type: "turn.completed", threadId: "thread-1", turnId: "turn-1", turn: { status: "interrupted" } });
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.#queue.end();
    this.closed.resolve(undefined);
    return Promise.resolve();
  }
}
