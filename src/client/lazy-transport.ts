import { SingleFlight } from "../internal/single-flight.js";
import type { TransportName } from "../transport/options/options.js";
import type {
  StoredTurn,
  ThreadConnection,
  ThreadSpec,
  Transport,
  TurnConnection,
  TurnSpec,
} from "../transport/transport.js";
import { transportFeatures } from "../transport/transport-features.js";

/**
 * A transport whose code is loaded on first use: half of the package, and with it the modules of Node that start processes.
 * Threads that are opened before that create their connection when they first need it.
 */
export function createLazyTransport(name: TransportName, load: () => Promise<Transport>): Transport {
  let transport: Transport | null = null;
  const loading = new SingleFlight(async () => (transport = await load()), { lasting: true });
  return {
    name,
    features: transportFeatures[name],
    ready: async (signal) => (await loading.get()).ready(signal),
    openThread: (spec) => transport?.openThread(spec) ?? new LazyThread(spec, () => loading.get()),
    request: async (method, params, options) => (await loading.get()).request(method, params, options),
    async close() {
      await loading.close();
      await transport?.close();
    },
  };
}

/** A thread of a transport that is not loaded yet. Calls that need no answer are repeated on the connection once it exists. */
class LazyThread implements ThreadConnection {
  readonly #spec: ThreadSpec;
  readonly #transport: () => Promise<Transport>;
  readonly #calls: ((thread: ThreadConnection) => void)[] = [];
  #thread: ThreadConnection | null = null;

  constructor(spec: ThreadSpec, transport: () => Promise<Transport>) {
    this.#spec = spec;
    this.#transport = transport;
  }

  get storedTools(): ThreadConnection["storedTools"] {
    return this.#thread?.storedTools;
  }

  async start(signal?: AbortSignal): Promise<string> {
    return (await this.#connect()).start(signal);
  }

  async history(signal?: AbortSignal): Promise<readonly StoredTurn[] | null | undefined> {
    return (await this.#connect()).history?.(signal);
  }

  async isLoaded(signal?: AbortSignal): Promise<boolean | undefined> {
    return (await this.#connect()).isLoaded?.(signal);
  }

  update(...change: Parameters<ThreadConnection["update"]>): void {
    this.#call((thread) => {
      thread.update(...change);
    });
  }

  openTurn(spec: TurnSpec): TurnConnection {
    return this.#thread?.openTurn(spec) ?? createLazyTurn(async () => (await this.#connect()).openTurn(spec));
  }

  async close(): Promise<void> {
    if (this.#thread !== null) return this.#thread.close();
    this.#call((thread) => void thread.close());
  }

  async abandon(): Promise<void> {
    if (this.#thread !== null) return this.#thread.abandon();
    this.#call((thread) => void thread.abandon());
  }

  #call(call: (thread: ThreadConnection) => void): void {
    if (this.#thread === null) this.#calls.push(call);
    else call(this.#thread);
  }

  async #connect(): Promise<ThreadConnection> {
    const transport = await this.#transport();
    if (this.#thread !== null) return this.#thread;
    const thread = transport.openThread(this.#spec);
    for (const call of this.#calls) call(thread);
    this.#thread = thread;
    return thread;
  }
}

/** A turn that is opened when it runs, or by the first other call that needs it. */
function createLazyTurn(open: () => Promise<TurnConnection>): TurnConnection {
  let opening: Promise<TurnConnection> | null = null;
  let closed = false;
  const get = (): Promise<TurnConnection> => (opening ??= open());
  return {
    async run(take) {
      const turn = await get();
      if (closed) await turn.close();
      await turn.run(take);
    },
    steer: async (input, signal) => (await get()).steer(input, signal),
    interrupt: async () => (await get()).interrupt(),
    async close() {
      closed = true;
      await opening?.then(
        (turn) => turn.close(),
        () => undefined,
      );
    },
  };
}
