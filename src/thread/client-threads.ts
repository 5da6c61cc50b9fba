import { ClientClosedError } from "../errors/client-closed-error.js";
import {
  checkHooksAreTrusted,
  checkProvider,
  checkTrust,
  type ThreadConnection,
  type ThreadOptions,
  type Transport,
  type TransportOptions,
} from "../transport/transport.js";
import { SharedThreads } from "./shared-thread.js";
import type { ClientHandlers } from "./thread-handlers.js";

/** The threads of one client: the parts that they share, and their end. */
export class ClientThreads {
  readonly transport: Transport;
  /** The tools and handlers that all threads of the client use. */
  readonly handlers: ClientHandlers;
  readonly shared = new SharedThreads();
  readonly #options: TransportOptions;
  readonly #closer = new AbortController();
  readonly #turns = new Set<Promise<unknown>>();
  /** Abandons the connection of a garbage-collected thread, which may hold a loaded thread or a tool server. */
  readonly #collected = new FinalizationRegistry<ThreadConnection>((connection) => void connection.abandon());

  constructor(transport: Transport, handlers: ClientHandlers, options: TransportOptions) {
    this.transport = transport;
    this.handlers = handlers;
    this.#options = options;
  }

  /** Aborted with a `ClientClosedError` as its reason when the client closes. */
  get closed(): AbortSignal {
    return this.#closer.signal;
  }

  checkOpen(): void {
    if (this.closed.aborted) throw new ClientClosedError();
  }

  /** Throws an `OptionError` for a thread's options that contradict those of the client, or that codex would ignore. */
  checkOptions(options: ThreadOptions): void {
    checkProvider(this.#options, options);
    checkTrust(this.#options, options);
    // On app-server codex itself is asked, once it has loaded the thread.
    if (this.transport.name === "exec") checkHooksAreTrusted(this.#options, options);
  }

  /** Abandons the connection when the thread is garbage-collected. */
  watch(thread: object, connection: ThreadConnection): void {
    this.#collected.register(thread, connection, thread);
  }

  /** Ends `watch()`. Called when the thread closes its connection itself. */
  unwatch(thread: object): void {
    this.#collected.unregister(thread);
  }

  /** Registers the end of a turn, which `close()` waits for. */
  track(ended: Promise<unknown>): void {
    this.#turns.add(ended);
    void ended.then(() => this.#turns.delete(ended));
  }

  /** Ends all turns and waits for their end. */
  async close(): Promise<void> {
    this.#closer.abort(new ClientClosedError());
    await Promise.all(this.#turns);
  }
}
