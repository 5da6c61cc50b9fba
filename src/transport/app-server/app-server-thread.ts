import { type JsonObject, type JsonValue, parseJson } from "../../internal/json.js";
import { withoutUndefined } from "../../internal/without-undefined.js";
import { keepAlive } from "../../internal/keep-alive.js";
import { untilAborted } from "../../internal/with-deadline.js";
import { RpcError } from "../../rpc/rpc-errors.js";
import { ThreadNotFoundError, toThreadError } from "../codex-errors.js";
import { flattenConfig } from "../flatten-config.js";
import type { SharedOptions, ThreadOptions, TransportOptions } from "../options.js";
import { ProtocolError } from "../../errors/protocol-error.js";
import type { ThreadConnection, ThreadSpec, TurnConnection, TurnSpec } from "../transport.js";
import type { AppServerConnection } from "./app-server-connection.js";
import { refuseFixed } from "./refuse-fixed.js";
import { resumeThread } from "./resume-thread.js";
import { createAppServerTurn } from "./app-server-turn.js";
import { toThreadParams, toTurnDraft } from "./thread-params.js";
import {
  settingsDifference,
  type StickySettings,
  toBaseline,
  toStickySettings,
  withOptions,
  withThreadOptions,
} from "./turn-settings.js";

export interface AppServerThreadOptions {
  readonly client: TransportOptions;
  /** The living connection; a new one where the last has ended. */
  readonly connect: (signal?: AbortSignal) => Promise<AppServerConnection>;
}

/** A thread that is loaded in a certain app-server process, and what that process has in force for it. */
export interface LoadedThread {
  readonly connection: AppServerConnection;
  readonly threadId: string;
}

/** A loaded thread in the hands of a turn. */
export interface AcquiredThread {
  readonly loaded: LoadedThread;
  /** The turn is over; `stored` says that codex has put it on disk, so that the thread can be resumed. */
  readonly release: (end: { readonly stored: boolean }) => void;
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
  #wanted: StickySettings | null = null;
  #ephemeral = false;
  #closed = false;
  /** What the next turn has to tell of the thread. */
  #news: string | null = null;

  constructor(spec: ThreadSpec, options: AppServerThreadOptions) {
    this.#options = options;
    this.#threadId = spec.threadId;
    this.#threadOptions = spec.options;
  }

  async start(signal?: AbortSignal): Promise<string> {
    return this.#withLoaded(({ threadId }) => threadId, signal);
  }

  update(options: ThreadOptions): void {
    if (this.#loaded !== null || this.#loading !== null) refuseFixed(this.#threadOptions, options);
    this.#threadOptions = options;
    if (this.#wanted !== null) this.#wanted = withThreadOptions(this.#wanted, options);
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
    await this.#drop();
  }

  async abandon(): Promise<void> {
    await this.#drop({ lost: true });
  }

  forget(turn: TurnConnection): void {
    this.#turns.delete(turn);
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

  /** What the caller should know of the thread before its turn, once; or null. */
  takeNews(): string | null {
    const news = this.#news;
    this.#news = null;
    return news;
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
      if (this.#closed) void this.#drop();
    }
  }

  /** Single flight. */
  async #load(connection: AppServerConnection): Promise<LoadedThread> {
    if (this.#loaded?.connection === connection && connection.threads.has(this.#loaded.threadId)) return this.#loaded;
    this.#loading ??= this.#open(connection).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #drop(how: { readonly lost?: boolean } = {}): Promise<void> {
    const loaded = this.#loaded;
    if (loaded === null || loaded.connection.ended) return;
    const letGo = keepAlive();
    await loaded.connection.threads.drop(loaded.threadId, how).finally(letGo);
  }

  /** The params of `turn/start` that settings need, and what to call once the server has taken them. */
  async toTurnSettings(overrides: SharedOptions, signal: AbortSignal): Promise<TurnSettings> {
    const { params } = toTurnDraft(overrides);
    const tier = params["serviceTierForTurn"];
    const forThisTurn: JsonObject = tier === undefined ? {} : { serviceTierForTurn: tier };
    if (this.#wanted === null || this.#loaded === null) return { params: forThisTurn, commit: () => undefined };
    const { connection, threadId } = this.#loaded;
    if (overrides.modelReasoningSummary !== undefined) await this.#learnSummary(signal);
    const target = withOptions(this.#wanted, { ...this.#ownSandbox(overrides), ...overrides });
    const inForce = connection.threads.inForce(threadId);
    const difference = inForce === null ? {} : settingsDifference(inForce, target);
    return {
      params: { ...difference, ...forThisTurn },
      commit: () => connection.threads.setInForce(threadId, target),
    };
  }

  async #open(connection: AppServerConnection): Promise<LoadedThread> {
    const threadId = this.#threadId;
    const params = toThreadParams(this.#options.client, this.#threadOptions, connection.marker);
    const answer = await connection.router
      .whileStarting(() =>
        connection.starts.run(() =>
          threadId === null
            ? connection.call("thread/start", params)
            : resumeThread(connection, { ...params, threadId, excludeTurns: true }),
        ),
      )
      .catch((error: unknown) => {
        throw this.#toError(error);
      });
    const { model, cwd, reasoningEffort, serviceTier, thread } = answer;
    if (threadId !== null && thread.id !== threadId) {
      throw new ProtocolError(`Codex was to resume the thread ${threadId} and answered with ${thread.id}.`, {
        threadId,
      });
    }
    const policies = { approvalPolicy: asJson(answer.approvalPolicy), sandbox: asJson(answer.sandbox) };
    const effective = { model, cwd, reasoningEffort, serviceTier, ...policies };
    const inForce = toStickySettings(effective, this.#ownSummary());
    const defaults: ThreadOptions = { sandboxMode: "read-only", approvalPolicy: "never" };
    this.#wanted = withThreadOptions(toBaseline(connection.threads.baseline(thread.id), inForce), {
      ...defaults,
      ...this.#threadOptions,
    });
    this.#tellOfLoss(connection);
    this.#threadId = thread.id;
    this.#ephemeral = thread.ephemeral;
    this.#loaded = { connection, threadId: thread.id };
    connection.threads.add(thread.id, { stored: threadId !== null && !thread.ephemeral, inForce });
    return this.#loaded;
  }

  /** The process that had the thread is gone, and its death cost more than the time to resume. */
  #tellOfLoss(connection: AppServerConnection): void {
    const before = this.#loaded?.connection;
    if (before === undefined || before === connection || !before.ended) return;
    const cause = before.reason?.message ?? "It ended.";
    const lost = "A turn that ran then, commands in the background and requests that waited for an answer are lost.";
    this.#news = `The app-server process was started again and the thread resumed in it. ${cause} ${lost}`;
  }

  #toError(error: unknown): unknown {
    if (!(error instanceof RpcError)) return error;
    const detail = this.#ephemeral ? `it was ephemeral, and went with its process (${error.message})` : error.message;
    const typed = toThreadError(error.message, this.#threadId, error);
    return typed instanceof ThreadNotFoundError
      ? new ThreadNotFoundError(this.#threadId, detail, { cause: error })
      : (typed ?? error);
  }

  /** The answers of the server do not say which summary is in force, so the configuration is asked, once. */
  async #learnSummary(signal: AbortSignal): Promise<void> {
    if (this.#loaded === null || this.#wanted === null || this.#wanted.summary !== null) return;
    const { config } = await this.#loaded.connection.call("config/read", { cwd: this.#wanted.cwd }, { signal });
    this.#wanted = { ...this.#wanted, summary: config.model_reasoning_summary ?? "none" };
  }

  /** Another sandbox for a turn keeps what the thread's options say of it; the rest of a policy goes with its sandbox. */
  #ownSandbox({ sandboxMode }: SharedOptions): SharedOptions {
    if (sandboxMode === undefined) return {};
    const { networkAccessEnabled, additionalDirectories } = this.#threadOptions;
    return withoutUndefined({ networkAccessEnabled, additionalDirectories });
  }

  #ownSummary(): string | null {
    const { modelReasoningSummary, config = {} } = this.#threadOptions;
    const configured = flattenConfig({ ...this.#options.client.config, ...config })["model_reasoning_summary"];
    return modelReasoningSummary ?? (typeof configured === "string" ? configured : null);
  }
}

export interface TurnSettings {
  readonly params: JsonObject;
  readonly commit: () => void;
}

function asJson(value: unknown): JsonValue {
  return parseJson(JSON.stringify(value)) ?? null;
}
