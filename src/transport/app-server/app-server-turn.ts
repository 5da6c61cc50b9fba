import { TurnNotActiveError } from "../../errors/turn-not-active-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { keepAlive } from "../../internal/keep-alive.js";
import type { JsonObject, JsonValue } from "../../internal/json.js";
import { untilAborted, withDeadline } from "../../internal/with-deadline.js";
import { noteByEnvironment } from "../../process/stop/sweep-by-environment.js";
import { RpcError, RpcTimeoutError } from "../../rpc/rpc-errors.js";
import { toThreadError } from "../launch/codex-errors.js";
import { ProtocolError } from "../../errors/protocol-error.js";
import type { TurnConnection, TurnInputPart, TurnMessage, TurnSpec } from "../transport.js";
import type { AppServerConnection } from "./app-server-connection.js";
import type { AppServerThread } from "./app-server-thread.js";
import { refuseUnheard, type ThreadRoute } from "./event-router.js";
import { learnTurnId, isOfTurn, isStart, isTerminal, refuseOtherEnds } from "./turn-messages.js";
import type { LoadedThread } from "./thread-lease.js";

/** How long codex may take to end a turn that was interrupted, in milliseconds; it takes about ten. */
const interruptGraceMs = 5_000;

/** How long it may take to clean up after a turn that did not end when it was asked to, in milliseconds. */
const cleanGraceMs = 1_000;

/** One turn on the app-server. */
export function createAppServerTurn(spec: TurnSpec, thread: AppServerThread): TurnConnection {
  const turn = new AppServerTurn(spec, thread);
  const connection: TurnConnection = {
    messages: turn.messages(),
    steer: (input, signal) => turn.steer(input, signal),
    interrupt: () => turn.interrupt(),
    async close() {
      await turn.close();
      thread.forget(connection);
    },
  };
  return connection;
}

class AppServerTurn {
  readonly #spec: TurnSpec;
  readonly #thread: AppServerThread;
  readonly #halt = new AbortController();
  /** Fires when codex is waited for no longer. */
  readonly #givenUp = new AbortController();
  readonly #terminal = createDeferred<undefined>();
  #loaded: LoadedThread | null = null;
  #route: ThreadRoute | null = null;
  /** The turn's id as soon as codex tells it; null where no turn was started. */
  readonly #turnId = createDeferred<string | null>();
  /** Settled once codex works on the turn: before that it knows of nothing to interrupt. */
  readonly #live = createDeferred<undefined>();
  #begun = false;
  /** Codex was asked for the turn: from here on only an interrupt ends it. */
  #asked = false;
  #closing: Promise<void> | null = null;
  #interrupting: Promise<void> | null = null;

  constructor(spec: TurnSpec, thread: AppServerThread) {
    this.#spec = spec;
    this.#thread = thread;
  }

  async *messages(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    this.#begun = true;
    try {
      yield* this.#run();
    } finally {
      this.#turnId.resolve(null);
      this.#live.resolve(undefined);
      this.#terminal.resolve(undefined);
      this.#route?.close();
    }
  }

  async *#run(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    this.#halt.signal.throwIfAborted();
    const { loaded, release } = await this.#thread.acquire(this.#halt.signal);
    const letGo = keepAlive();
    let stored = false;
    try {
      this.#halt.signal.throwIfAborted();
      this.#loaded = loaded;
      const news = this.#thread.takeNews(loaded.threadId);
      if (news.length > 0) yield news;
      // Subscribed before the turn is asked for: its first events may overtake the answer.
      const route = loaded.connection.router.subscribe(loaded.threadId);
      this.#route = route;
      const turnId = await this.#startTurn(loaded, route);
      for await (const batch of route) {
        const messages = batch.filter((message) => isOfTurn(message, turnId) && !this.#thread.answers(message));
        if (messages.some(isStart)) this.#live.resolve(undefined);
        const ended = messages.findIndex(isTerminal);
        stored = ended !== -1;
        if (stored) refuseUnheard(messages.splice(ended + 1));
        if (messages.length > 0) yield messages;
        if (stored) return;
        refuseOtherEnds(batch, turnId);
      }
    } finally {
      release({ stored });
      letGo();
    }
  }

  async steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void> {
    const turnId = await untilAborted(this.#turnId.promise, signal);
    if (this.#loaded === null || turnId === null) {
      throw new TurnNotActiveError("over before it started", { threadId: this.#loaded?.threadId ?? null, turnId });
    }
    const { connection, threadId } = this.#loaded;
    await connection.call("turn/steer", { threadId, expectedTurnId: turnId, input: toWireInput(input) }, { signal });
  }

  /** Interrupts, and ends the commands that an interrupt alone leaves running. */
  interrupt(): Promise<void> {
    this.#interrupting ??= this.#interrupt();
    return this.#interrupting;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #startTurn(loaded: LoadedThread, route: ThreadRoute): Promise<string> {
    const { connection, threadId } = loaded;
    const { params, commit } = await this.#thread.toTurnSettings(this.#spec.options, this.#halt.signal);
    const { outputSchema, input } = this.#spec;
    const schema: { readonly outputSchema?: JsonValue } = outputSchema === null ? {} : { outputSchema };
    // Past this point the turn exists for codex, and only an interrupt ends it.
    this.#halt.signal.throwIfAborted();
    this.#asked = true;
    const sent = connection.call("turn/start", { threadId, input: toWireInput(input), ...params, ...schema });
    const told = learnTurnId(
      sent.then(({ turn }) => turn.id),
      route.turnStarted,
    );
    told.then(
      (id) => this.#turnId.resolve(id),
      () => this.#turnId.resolve(null),
    );
    try {
      const id = await untilAborted(told, this.#givenUp.signal);
      commit();
      return id;
    } catch (error) {
      throw (error instanceof RpcError ? toThreadError(error.message, threadId, error) : null) ?? error;
    }
  }

  async #interrupt(): Promise<void> {
    // Before anything was asked of codex, however long its thread takes to load, there is nothing to interrupt.
    this.#halt.abort();
    if (!this.#asked || this.#loaded === null) return;
    const { connection, threadId } = this.#loaded;
    const letGo = keepAlive();
    try {
      await this.#interruptTurn(connection, threadId);
    } finally {
      letGo();
    }
  }

  async #interruptTurn(connection: AppServerConnection, threadId: string): Promise<void> {
    const withinGrace = createGrace(interruptGraceMs);
    const turnId = await withinGrace(this.#turnId.promise);
    if (this.#terminal.settled || turnId === null) return;
    if (turnId === undefined) {
      await this.#giveUp(connection, true);
      return;
    }
    await withinGrace(this.#live.promise);
    // Outside a sandbox a command can leave its session, and then only its environment, or its parent of now, tells whose it was.
    const killLeftovers = await noteByEnvironment({ name: "CODEX_THREAD_ID", value: threadId });
    // Its answer tells no more than the end of the turn does, and may never come; that it cannot be sent tells all.
    const over = this.#terminal.promise.then(() => "ended" as const);
    const sent = this.#send("turn/interrupt", { turnId }, interruptGraceMs);
    const outcome = await withinGrace(Promise.race([over, sent.then((reached) => (reached ? over : "lost"))]));
    if (outcome !== "ended") await this.#giveUp(connection, outcome !== "lost");
    // An interrupt alone leaves the turn's commands running.
    await this.#send("thread/backgroundTerminals/clean", {}, outcome === "ended" ? interruptGraceMs : cleanGraceMs);
    await killLeftovers();
  }

  /**
   * False where codex cannot be reached any more. "There is no such turn" is what we want to hear, and a connection that
   * ended has ended the turn too.
   */
  async #send(
    method: "turn/interrupt" | "thread/backgroundTerminals/clean",
    params: JsonObject,
    timeoutMs: number,
  ): Promise<boolean> {
    if (this.#loaded === null || this.#loaded.connection.ended) return true;
    const { connection, threadId } = this.#loaded;
    try {
      await connection.call(method, { threadId, ...params }, { timeoutMs });
      return true;
    } catch (error) {
      return error instanceof RpcError || error instanceof RpcTimeoutError || error instanceof ProtocolError;
    }
  }

  /**
   * Codex does not answer. Where nobody else uses it, or it cannot be reached, it goes; otherwise the turn is left to it,
   * and no longer heard.
   */
  async #giveUp(connection: AppServerConnection, reachable: boolean): Promise<void> {
    if (!reachable || connection.router.size <= 1) await connection.close();
    this.#route?.close();
    this.#givenUp.abort();
  }

  async #close(): Promise<void> {
    this.#halt.abort();
    if (this.#begun && !this.#terminal.settled) await this.interrupt().catch(() => undefined);
    else await this.#interrupting?.catch(() => undefined);
    this.#route?.close();
  }
}

/** What promises give, or undefined where they take longer, all together, than codex ever should. */
function createGrace(graceMs: number): <T>(promise: Promise<T>) => Promise<T | undefined> {
  const end = performance.now() + graceMs;
  return <T>(promise: Promise<T>) => {
    const timeoutMs = Math.max(0, end - performance.now());
    return withDeadline<T | undefined>(promise, { timeoutMs, onTimeout: () => new Error() }).catch(() => undefined);
  };
}

function toWireInput(input: readonly TurnInputPart[]): JsonValue {
  return input.map((part) => ({ ...part }));
}
