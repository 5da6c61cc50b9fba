import { ProtocolError } from "../../errors/protocol-error.js";
import type { JsonObject } from "../../internal/json.js";
import { keepAlive } from "../../internal/time/keep-alive.js";
import { untilAborted } from "../../internal/time/with-deadline.js";
import type { StoredTools } from "../../tools/stored-tools.js";
import type { ToolServer } from "../../tools/tool-server.js";
import { refuseSkippedHooks } from "../config/config-hooks.js";
import type { HostGuard } from "../guard/host-guard.js";
import { ThreadNotFoundError } from "../launch/codex-errors.js";
import type { SharedOptions, ThreadOptions, TransportOptions } from "../options/options.js";
import type { ThreadConnection, ThreadSpec, TurnConnection, TurnMessage, TurnSpec } from "../transport.js";
import { readHistory } from "../history/read-history.js";
import { resumeThread, toLoadError } from "../history/resume-thread.js";
import type { StoredTurn } from "../history/stored-turns.js";
import type { AppServerConnection } from "./app-server-connection.js";
import { AppServerTools } from "./app-server-tools.js";
import { AppServerTurn } from "./app-server-turn.js";
import type { LoadedThread, ThreadLease } from "./thread-lease.js";
import { toThreadParams } from "./thread-params.js";
import { refuseFixed, ThreadSettings } from "./thread-settings.js";
import { toReplacedEvent } from "./turn-messages.js";
import { toWarning } from "../launch/to-warning.js";

export interface AppServerThreadOptions {
  readonly client: TransportOptions;
  readonly guard: HostGuard;
  /** Returns the living connection, or a new one if the last has ended. */
  readonly connect: (signal?: AbortSignal) => Promise<AppServerConnection>;
  /** Returns the tool server for tools that codex does not store with the thread. */
  readonly toolServer: () => Promise<ToolServer>;
}

/**
 * One thread on the app-server. It is started, or resumed, on the present connection: if the process has died since the last
 * turn, the next turn resumes the thread in a new process.
 */
export class AppServerThread implements ThreadConnection {
  readonly #options: AppServerThreadOptions;
  readonly #turns = new Set<AppServerTurn>();
  readonly #settings: ThreadSettings;
  readonly #tools: AppServerTools;
  #threadOptions: ThreadOptions;
  #threadId: string | null;
  #loaded: LoadedThread | null = null;
  #loading: Promise<LoadedThread> | null = null;
  #ephemeral = false;
  /** No turn of the thread has ended, so codex may not have stored it. */
  #unstarted: boolean;
  /** The id of a thread that was lost before its first turn, until the next turn reports it. */
  #replaced: string | null = null;
  /** Codex's file of the thread; null before the first load, and for an ephemeral thread. */
  #path: string | null = null;
  #closed = false;
  /** The handle of the thread was garbage-collected. */
  #abandoned = false;
  /** The text of the warning that the next turn emits: the process was restarted. */
  #restartWarning: string | null = null;

  constructor(spec: ThreadSpec, options: AppServerThreadOptions) {
    this.#options = options;
    this.#threadId = spec.threadId;
    this.#unstarted = spec.threadId === null || spec.unstarted === true;
    this.#threadOptions = spec.options;
    this.#settings = new ThreadSettings(options.client, spec);
    this.#tools = new AppServerTools(spec.tools ?? null, options.toolServer);
  }

  get storedTools(): StoredTools | "unknown" {
    return this.#tools.stored;
  }

  async start(signal?: AbortSignal): Promise<string> {
    this.#options.guard.check(this.#threadOptions);
    return this.#withLoaded(({ threadId }) => threadId, signal);
  }

  /** Loads the thread if it has never been loaded, because codex reports its file then. */
  async history(signal?: AbortSignal): Promise<readonly StoredTurn[] | null> {
    if (this.#loaded === null && this.#threadId !== null) await this.start(signal);
    return readHistory(this.#path);
  }

  async isLoaded(signal?: AbortSignal): Promise<boolean> {
    return this.#threadId !== null && (await this.#options.connect(signal)).threads.has(this.#threadId);
  }

  update(options: ThreadOptions, how?: { readonly asks?: boolean }): void {
    if (this.#loaded !== null || this.#loading !== null) refuseFixed(this.#threadOptions, options);
    this.#threadOptions = options;
    this.#settings.update(options, how);
  }

  openTurn(spec: TurnSpec): TurnConnection {
    const turn = new AppServerTurn(spec, (signal) => this.#lease(spec.options, signal));
    this.#turns.add(turn);
    return {
      run: (take) => turn.run(take),
      steer: (input, signal) => turn.steer(input, signal),
      interrupt: () => turn.interrupt(),
      close: async () => {
        await turn.close();
        this.#turns.delete(turn);
        this.#tools.refuseCalls();
        if (this.#isUnused) void this.#release();
      },
    };
  }

  /** Ends the turns and unsubscribes from the thread, so that the process unloads it. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#turns].map((turn) => turn.close()));
    await this.#release();
  }

  /** Releases the thread, at the latest with its last open turn. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    if (this.#isUnused) await this.#release();
  }

  /** Leases the thread to a turn. */
  async #lease(overrides: SharedOptions, signal: AbortSignal): Promise<ThreadLease> {
    const inForce =
      Object.keys(overrides).length === 0 ? this.#threadOptions : { ...this.#threadOptions, ...overrides };
    const warnings = this.#options.guard.inspect(inForce);
    const held = await this.#hold(signal);
    const { connection, threadId, route, release } = held;
    const notices = [...warnings.map((warning) => toWarning(warning, threadId)), ...this.#takeNotices(threadId)];
    try {
      const settings = await this.#settings.toTurn(overrides, held, signal);
      const toolsStayWithThread = this.#tools.stayWithThread;
      return { connection, threadId, route, toolsStayWithThread, notices, ...settings, release };
    } catch (error) {
      route.close();
      release({ stored: false });
      throw error;
    }
  }

  /** Keeps the thread loaded and subscribes to it. */
  async #hold(signal: AbortSignal): Promise<LoadedThread & Pick<ThreadLease, "route" | "release">> {
    for (;;) {
      const held = await this.#withLoaded(({ connection, threadId }) => {
        const release = connection.threads.hold(threadId);
        if (release === null) return null;
        // Subscribed at once, and before the turn is requested: early events may come before the answer.
        const route = this.#tools.guard(connection.router.subscribe(threadId));
        const end: ThreadLease["release"] = ({ stored }) => {
          if (stored) this.#unstarted = false;
          release({ stored: stored && !this.#ephemeral });
        };
        return { connection, threadId, route, release: end };
      }, signal);
      if (held !== null) return held;
    }
  }

  /** The events that precede the next turn. Each is returned once. */
  #takeNotices(threadId: string): readonly TurnMessage[] {
    const warning = this.#restartWarning;
    this.#restartWarning = null;
    const toolsChanged = this.#tools.takeChange(threadId);
    const notices: TurnMessage[] =
      warning === null ? [] : [toWarning({ code: "APP_SERVER_RESTARTED", message: warning }, threadId)];
    if (this.#replaced !== null) notices.push(toReplacedEvent(this.#replaced, threadId));
    this.#replaced = null;
    if (toolsChanged !== null) notices.push({ kind: "event", event: toolsChanged });
    return notices;
  }

  /**
   * Passes the thread, loaded on the living connection, to `use`. It is not unloaded meanwhile. If the handle is closed
   * during the load, the thread is released afterwards: `close()` does not wait for a process that may never answer.
   */
  async #withLoaded<T>(use: (loaded: LoadedThread) => T, signal?: AbortSignal): Promise<T> {
    const connection = await this.#options.connect(signal);
    const endReservation = this.#threadId === null ? null : connection.threads.reserve(this.#threadId);
    const endKeepAlive = keepAlive();
    try {
      return use(this.#present(connection) ?? (await untilAborted(this.#load(connection), signal)));
    } finally {
      endReservation?.();
      endKeepAlive();
      if (this.#isUnused) void this.#release();
    }
  }

  /** Returns the thread if it is loaded on the connection with its present tools. */
  #present(connection: AppServerConnection): LoadedThread | null {
    const loaded = this.#loadedOn(connection);
    return loaded !== null && !this.#tools.outdated && this.#hasOwnTools(loaded) ? loaded : null;
  }

  #loadedOn(connection: AppServerConnection): LoadedThread | null {
    const loaded = this.#loaded;
    return loaded?.connection === connection && connection.threads.has(loaded.threadId) ? loaded : null;
  }

  /** Loads the thread. Calls at the same time share one load. */
  async #load(connection: AppServerConnection): Promise<LoadedThread> {
    const loaded = this.#loadedOn(connection);
    this.#loading ??= (loaded === null ? this.#open(connection) : this.#reload(loaded)).finally(() => {
      this.#loading = null;
      // `close()` has not waited for the load.
      if (this.#isUnused) void this.#release();
    });
    return this.#loading;
  }

  /** Loads the thread again, because its tools have changed or another handle has loaded its own. */
  async #reload(loaded: LoadedThread): Promise<LoadedThread> {
    const { connection, threadId } = loaded;
    if (await connection.threads.unloadForReload(threadId, { always: !this.#hasOwnTools(loaded) })) {
      return this.#open(connection);
    }
    this.#tools.postpone();
    return loaded;
  }

  #hasOwnTools({ connection, threadId }: LoadedThread): boolean {
    return connection.threads.endpoint(threadId) === this.#tools.endpoint;
  }

  get #isUnused(): boolean {
    return this.#closed || (this.#abandoned && this.#turns.size === 0);
  }

  async #release(): Promise<void> {
    await this.#unload();
    await this.#tools.close();
  }

  /** Unloads the thread. After `abandon()` a thread that can be resumed stays loaded, for another handle. */
  async #unload(): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === null || loaded.connection.ended) return;
    const endKeepAlive = keepAlive();
    await loaded.connection.threads.unload(loaded.threadId, { onlyUnresumable: !this.#closed }).finally(endKeepAlive);
  }

  /** Resumes the thread, or starts it. A thread that was lost before its first turn is started anew. */
  async #open(connection: AppServerConnection): Promise<LoadedThread> {
    try {
      return await this.#openThread(connection);
    } catch (error) {
      const lost = error instanceof ThreadNotFoundError && this.#threadId !== null && !this.#ephemeral;
      if (!lost || !this.#unstarted) throw error;
      this.#replaced = this.#threadId;
      this.#threadId = null;
      return await this.#openThread(connection);
    }
  }

  async #openThread(connection: AppServerConnection): Promise<LoadedThread> {
    const threadId = this.#threadId;
    const params = await this.#toParams(connection, threadId);
    const answer = await connection.router
      .whileStarting(() =>
        connection.starts.run(() =>
          threadId === null
            ? connection.call("thread/start", params)
            : resumeThread(connection, { ...params, threadId, excludeTurns: true }),
        ),
      )
      .catch((error: unknown) => {
        throw toLoadError(error, { threadId, wasEphemeral: this.#ephemeral });
      });
    const { thread } = answer;
    if (threadId !== null && thread.id !== threadId) {
      const message = `Codex was asked to resume the thread ${threadId} and answered with ${thread.id}.`;
      throw new ProtocolError(message, { threadId });
    }
    await refuseSkippedHooks(connection, thread.id, { client: this.#options.client, options: this.#threadOptions });
    const inForce = this.#settings.recordLoaded(answer, connection.threads.baseline(thread.id));
    this.#noteRestart(connection);
    this.#threadId = thread.id;
    this.#ephemeral = thread.ephemeral;
    this.#path = thread.path ?? null;
    this.#loaded = { connection, threadId: thread.id };
    const stored = threadId !== null && !thread.ephemeral;
    connection.threads.add(thread.id, { stored, inForce, endpoint: this.#tools.endpoint });
    return this.#loaded;
  }

  async #toParams(connection: AppServerConnection, threadId: string | null): Promise<JsonObject> {
    connection.protect(this.#threadOptions);
    const { client, guard } = this.#options;
    const { marker } = connection;
    const guarded = guard.toConfig(this.#threadOptions);
    const { asks } = this.#settings;
    const options = toThreadParams(client, this.#threadOptions, { marker, asks, guarded });
    const params = { ...options, ...this.#settings.reviewer };
    if (threadId === null) return { ...params, ...this.#tools.toStart() };
    return { ...params, ...(await this.#tools.toResume({ connection, threadId }, params)) };
  }

  /** Prepares the warning of the next turn if the process that had the thread loaded has ended by itself. */
  #noteRestart(connection: AppServerConnection): void {
    const before = this.#loaded?.connection;
    if (before === undefined || before === connection || !before.ended) return;
    const cause = before.reason?.message ?? "It ended.";
    const lost = "A turn that ran then, commands in the background and requests that waited for an answer are lost.";
    this.#restartWarning = `The app-server process was started again and the thread resumed in it. ${cause} ${lost}`;
  }
}
