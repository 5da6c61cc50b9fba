import { ClientClosedError } from "../errors/client-closed-error.js";
import type { JsonValue } from "../internal/json.js";
import { withoutUndefined } from "../internal/without-undefined.js";
import { publish } from "../telemetry/channels.js";
import { createToolSet } from "../tools/tool-set.js";
import { ClientThreads } from "../thread/client-threads.js";
import { splitHandlers } from "../thread/handler-options.js";
import type { OutputSchema } from "../thread/output/output-schema.js";
import { Thread } from "../thread/thread.js";
import type { ThreadStartOptions } from "../thread/thread-options.js";
import { checkThreadId, checkThreadState, type ThreadState } from "../thread/thread-state.js";
import {
  checkChange,
  checkOptions,
  withoutNewOnly,
  type RequestOptions,
  type ThreadOptions,
  type Transport,
  type TransportInfo,
} from "../transport/transport.js";
import { refuseStartSecrets } from "../transport/config/private-config.js";
import { withoutStartConfig } from "../transport/config/start-config.js";
import { checkProvider } from "../transport/config/provider-config.js";
import { AppServer } from "./app-server.js";
import { checkCodexOptions, type CodexOptions } from "./codex-options.js";
import { createTransport } from "./create-transport.js";

/**
 * A client of codex. Creating one is cheap: no process starts before the first turn, `thread.start()` or `ready()`. On the
 * default transport all its threads share one `codex app-server` process, which ends with `close()`.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 *
 * await using codex = new Codex();
 * const { finalResponse } = await codex.startThread().run("What does this repository do?");
 * console.log(finalResponse);
 * ```
 */
export class Codex implements AsyncDisposable {
  readonly #transport: Transport;
  readonly #threads: ClientThreads;
  readonly #operation = {};
  /** Direct access to the app-server protocol. Every call rejects on exec. */
  readonly appServer: AppServer;
  #closing: Promise<void> | null = null;

  /** Throws an `OptionError` for an invalid option. */
  constructor(options: CodexOptions = {}) {
    checkCodexOptions(options);
    checkProvider(options, {});
    // Two tools of one name are refused here, not at the first thread.
    if (options.tools !== undefined) createToolSet([options.tools]);
    this.#transport = createTransport(options);
    if (this.#transport.name === "app-server") refuseStartSecrets(options);
    const changes: ThreadOptions = { config: withoutStartConfig(options.config) };
    checkChange({ changes, transport: this.#transport.name, existing: false });
    const handlers = { ...splitHandlers(options).handlers, logger: options.logger ?? null };
    this.#threads = new ClientThreads(this.#transport, handlers, options);
    this.appServer = new AppServer((method, params, request) => this.#request(method, params, request));
    publish("client", () => ({ phase: "start", operation: this.#operation, transport: this.#transport.name }));
  }

  /** Returns a new thread. Nothing is sent before its first turn. Throws an `OptionError` or an `UnsupportedFeatureError`. */
  startThread<S extends OutputSchema = never>(options: ThreadStartOptions<S> = {}): Thread<S> {
    this.#check({}, options, false);
    return new Thread(this.#threads, options, { threadId: null, usageBaseline: "none", storedTools: {} });
  }

  /**
   * Returns an existing thread, by its id or by the result of `thread.toJSON()`. Options in the state are sent again, because
   * codex forgets them; `options` override them. A state without an id starts a new thread with its options. Throws an
   * `OptionError` for a value that is neither a UUID nor a state. The first turn rejects with `ThreadNotFoundError` if the
   * thread does not exist.
   */
  resumeThread<S extends OutputSchema = never>(
    idOrState: string | ThreadState,
    options: ThreadStartOptions<S> = {},
  ): Thread<S> {
    if (typeof idOrState === "string") {
      const threadId = checkThreadId(idOrState);
      this.#check({}, options, true);
      return new Thread(this.#threads, options, { threadId, usageBaseline: "unknown", storedTools: "unknown" });
    }
    const {
      threadId,
      transport,
      usage,
      tools,
      interruptions,
      run,
      unstarted = false,
      unsaved,
      options: stored,
    } = checkThreadState(idOrState);
    const isNew = threadId === null;
    const base = isNew ? stored : withoutNewOnly(stored);
    this.#check(base, options, !isNew);
    const merged = { ...base, ...withoutUndefined(options) };
    if (isNew) return new Thread(this.#threads, merged, { threadId, usageBaseline: "none", storedTools: {}, run });
    // Codex stores no tools with a thread of exec: its state contains the set of its last turn.
    const kept = transport === "exec" && this.#transport.name !== "exec" ? null : tools;
    const origin = { threadId, usageBaseline: usage ?? "unknown", storedTools: kept ?? "unknown", unstarted } as const;
    return new Thread(this.#threads, merged, { ...origin, interruptions, run, unsaved });
  }

  /** Starts codex now, so that the first turn does not wait for it. Resolves with its path and version. */
  async ready(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<TransportInfo> {
    if (this.#closing !== null) throw new ClientClosedError();
    return this.#transport.ready(options.signal);
  }

  /** Ends all turns and the process of codex. Running and queued turns reject with `ClientClosedError`. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    await this.#threads.close();
    await this.#transport.close();
    publish("client", () => ({ phase: "end", operation: this.#operation, transport: this.#transport.name }));
  }

  /** Checks the options of a thread. `base`: the stored options. `existing`: codex already has the thread. */
  #check(base: ThreadOptions, options: ThreadStartOptions, existing: boolean): void {
    if (this.#closing !== null) throw new ClientClosedError();
    checkOptions(options, { level: "thread" });
    const merged: ThreadStartOptions = { ...base, ...withoutUndefined(options) };
    checkOptions(merged, { level: "thread" });
    checkChange({ base, changes: options, transport: this.#transport.name, existing });
    this.#threads.checkOptions(merged);
  }

  async #request(method: string, params: JsonValue | undefined, options: RequestOptions): Promise<JsonValue> {
    if (this.#closing !== null) throw new ClientClosedError();
    return this.#transport.request(method, params, options);
  }
}
