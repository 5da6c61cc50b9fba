import { ProtocolError } from "../../errors/protocol-error.js";
import type { JsonObject } from "../../internal/json.js";
import { keepAlive } from "../../internal/keep-alive.js";
import { untilAborted } from "../../internal/with-deadline.js";
import type { StoredTools } from "../../tools/stored-tools.js";
import type { ToolServer } from "../../tools/tool-server.js";
import type { SharedOptions, ThreadOptions, TransportOptions } from "../options/options.js";
import type { ThreadConnection, ThreadSpec, TurnConnection, TurnMessage, TurnSpec } from "../transport.js";
import type { AppServerConnection } from "./app-server-connection.js";
import { createAppServerTurn } from "./app-server-turn.js";
import { refuseFixed, ThreadSettings, type TurnSettings } from "./thread-settings.js";
import { toThreadParams } from "./thread-params.js";
import { AppServerTools } from "./app-server-tools.js";
import { toRestartWarning } from "./turn-messages.js";
import { RpcError } from "../../rpc/rpc-errors.js";
import { ThreadNotFoundError, toThreadError } from "../launch/codex-errors.js";
import { setTimeout as delay } from "node:timers/promises";
import type { ClientMethods } from "../../protocol/index.js";
import type { LoadedThread, AcquiredThread } from "./thread-lease.js";

export interface AppServerThreadOptions {
  readonly client: TransportOptions;
  /** The living connection; a new one where the last has ended. */
  readonly connect: (signal?: AbortSignal) => Promise<AppServerConnection>;
  /** What serves tools that codex does not keep with the thread. */
  readonly toolServer: () => Promise<ToolServer>;
}

/**
 * One thread on the app-server. It is started, or resumed, on the connection of the moment: where the process died
 * since the last turn, the next turn resumes the thread in the new one.
 */
export class AppServerThread implements ThreadConnection {
  readonly #options: AppServerThreadOptions;
  readonly #turns = new Set<TurnConnection>();
  #threadOptions: ThreadOptions;
  #threadId: string | null;
  #loaded: LoadedThread | null = null;
  #loading: Promise<LoadedThread> | null = null;
  readonly #settings: ThreadSettings;
  readonly #tools: AppServerTools;
  #ephemeral = false;
  #closed = false;
  /** Nobody can reach this handle any more; a turn of it may. */
  #abandoned = false;
  /** What the next turn has to tell of the thread. */
  #news: string | null = null;

  constructor(spec: ThreadSpec, options: AppServerThreadOptions) {
    this.#options = options;
    this.#threadId = spec.threadId;
    this.#threadOptions = spec.options;
    this.#settings = new ThreadSettings(options.client, spec);
    this.#tools = new AppServerTools(spec.tools ?? null, options.toolServer);
  }

  get storedTools(): StoredTools | "unknown" {
    return this.#tools.stored;
  }

  async start(signal?: AbortSignal): Promise<string> {
    return this.#withLoaded(({ threadId }) => threadId, signal);
  }

  update(options: ThreadOptions, how?: { readonly asks?: boolean }): void {
    if (this.#loaded !== null || this.#loading !== null) refuseFixed(this.#threadOptions, options);
    this.#threadOptions = options;
    this.#settings.update(options, how);
  }

  openTurn(spec: TurnSpec): TurnConnection {
    const turn = createAppServerTurn(spec, this);
    this.#turns.add(turn);
    return turn;
  }

  /** Tells the server that nobody listens any more, so that it unloads the thread. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#turns].map((turn) => turn.close()));
    await this.#letGo();
  }

  /** A turn may be all that is left of a handle: the thread is let go with the last one. */
  async abandon(): Promise<void> {
    this.#abandoned = true;
    if (this.#isLeft) await this.#letGo();
  }

  forget(turn: TurnConnection): void {
    this.#turns.delete(turn);
    this.#tools.refuseCalls();
    if (this.#isLeft) void this.#letGo();
  }

  /** The thread for a turn: it stays loaded until it is released. */
  async acquire(signal: AbortSignal): Promise<AcquiredThread> {
    for (;;) {
      const acquired = await this.#withLoaded((loaded): AcquiredThread | null => {
        const release = loaded.connection.threads.use(loaded.threadId);
        if (release === null) return null;
        return { loaded, release: (end) => release({ stored: end.stored && !this.#ephemeral }) };
      }, signal);
      if (acquired !== null) return acquired;
    }
  }

  /** What the caller should know of the thread before its turn, once. */
  takeNews(threadId: string): readonly TurnMessage[] {
    const news = this.#news;
    this.#news = null;
    const tools = this.#tools.takeNews(threadId);
    const restart = news === null ? [] : [toRestartWarning(news, threadId)];
    return tools === null ? restart : [...restart, { kind: "event", event: tools }];
  }

  /** Answers what the turn need not hear of. True where it did. */
  answers(message: TurnMessage): boolean {
    return this.#tools.refuseStale(message);
  }

  /** The params of `turn/start` that settings need, and what to call once the server has taken them. */
  toTurnSettings(overrides: SharedOptions, signal: AbortSignal): Promise<TurnSettings> {
    return this.#settings.toTurn(overrides, this.#loaded, signal);
  }

  /**
   * Gives the thread, loaded on the living connection, to `take`, in whose time nobody lets it go. Where the handle was
   * closed meanwhile it is let go afterwards: `close()` does not wait for a process that may never answer.
   */
  async #withLoaded<T>(take: (loaded: LoadedThread) => T, signal?: AbortSignal): Promise<T> {
    const connection = await this.#options.connect(signal);
    const leave = this.#threadId === null ? null : connection.threads.arrive(this.#threadId);
    const letGo = keepAlive();
    try {
      return take(await untilAborted(this.#load(connection), signal));
    } finally {
      leave?.();
      letGo();
      if (this.#isLeft) void this.#letGo();
    }
  }

  /** Single flight. */
  async #load(connection: AppServerConnection): Promise<LoadedThread> {
    const loaded = this.#loaded;
    const living = loaded?.connection === connection && connection.threads.has(loaded.threadId);
    if (living && !this.#tools.outdated && this.#hasOwnTools(loaded)) return loaded;
    this.#loading ??= (living ? this.#renew(loaded) : this.#open(connection)).finally(() => {
      this.#loading = null;
      // Whoever closed the handle did not wait for this.
      if (this.#isLeft) void this.#letGo();
    });
    return this.#loading;
  }

  /** Codex learns of tools only when it loads a thread, and these have changed, or another handle has loaded its own. */
  async #renew(loaded: LoadedThread): Promise<LoadedThread> {
    const { connection, threadId } = loaded;
    if (await connection.threads.release(threadId, { always: !this.#hasOwnTools(loaded) })) {
      return this.#open(connection);
    }
    this.#tools.postpone();
    return loaded;
  }

  #hasOwnTools({ connection, threadId }: LoadedThread): boolean {
    return connection.threads.endpoint(threadId) === this.#tools.endpoint;
  }

  get #isLeft(): boolean {
    return this.#closed || (this.#abandoned && this.#turns.size === 0);
  }

  async #letGo(): Promise<void> {
    await this.#drop();
    await this.#tools.close();
  }

  /** Of a handle that was not closed but lost, a thread that can be resumed stays for whoever does. */
  async #drop(): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === null || loaded.connection.ended) return;
    const letGo = keepAlive();
    await loaded.connection.threads.drop(loaded.threadId, { lost: !this.#closed }).finally(letGo);
  }

  async #open(connection: AppServerConnection): Promise<LoadedThread> {
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
      throw new ProtocolError(`Codex was to resume the thread ${threadId} and answered with ${thread.id}.`, {
        threadId,
      });
    }
    const inForce = this.#settings.loaded(answer, connection.threads.baseline(thread.id));
    this.#tellOfLoss(connection);
    this.#threadId = thread.id;
    this.#ephemeral = thread.ephemeral;
    this.#loaded = { connection, threadId: thread.id };
    const stored = threadId !== null && !thread.ephemeral;
    connection.threads.add(thread.id, { stored, inForce, endpoint: this.#tools.endpoint });
    return this.#loaded;
  }

  async #toParams(connection: AppServerConnection, threadId: string | null): Promise<JsonObject> {
    const options = toThreadParams(this.#options.client, this.#threadOptions, connection.marker);
    const params = { ...options, ...this.#settings.reviewer };
    if (threadId === null) return { ...params, ...this.#tools.toStart() };
    return { ...params, ...(await this.#tools.toResume({ connection, threadId }, params)) };
  }

  /** The process that had the thread is gone, and its death cost more than the time to resume. */
  #tellOfLoss(connection: AppServerConnection): void {
    const before = this.#loaded?.connection;
    if (before === undefined || before === connection || !before.ended) return;
    const cause = before.reason?.message ?? "It ended.";
    const lost = "A turn that ran then, commands in the background and requests that waited for an answer are lost.";
    this.#news = `The app-server process was started again and the thread resumed in it. ${cause} ${lost}`;
  }
}

/** Why a thread could not be started or resumed. */
export function toLoadError(
  error: unknown,
  { threadId, wasEphemeral }: { readonly threadId: string | null; readonly wasEphemeral: boolean },
): unknown {
  if (!(error instanceof RpcError)) return error;
  const detail = wasEphemeral ? `it was ephemeral, and went with its process (${error.message})` : error.message;
  const typed = toThreadError(error.message, threadId, error);
  return typed instanceof ThreadNotFoundError
    ? new ThreadNotFoundError(threadId, detail, { cause: error })
    : (typed ?? error);
}

const pauseMs = 25;
const maxAttempts = 100;

/**
 * Resumes a thread, also one that codex is closing at this moment, by us or by another client: it refuses that for some
 * milliseconds and asks to be asked again.
 */
export async function resumeThread(
  connection: AppServerConnection,
  params: JsonObject & { readonly threadId: string },
): Promise<ClientMethods["thread/resume"]["result"]> {
  await connection.threads.settled(params.threadId);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connection.call("thread/resume", params);
    } catch (error) {
      if (attempt === maxAttempts || !isClosing(error)) throw error;
      await delay(pauseMs);
    }
  }
}

function isClosing(error: unknown): boolean {
  return error instanceof RpcError && error.kind === "threadClosing";
}
