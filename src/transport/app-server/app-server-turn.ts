import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred } from "../../internal/deferred.js";
import type { JsonValue } from "../../internal/json.js";
import { withDeadline } from "../../internal/with-deadline.js";
import { sweepByEnvironment } from "../../process/sweep-by-environment.js";
import { RpcError } from "../../rpc/rpc-errors.js";
import { toThreadError } from "../codex-errors.js";
import { ProtocolError } from "../protocol-error.js";
import type { TurnConnection, TurnInputPart, TurnMessage, TurnSpec } from "../transport.js";
import type { AppServerThread, LoadedThread } from "./app-server-thread.js";
import type { ThreadRoute } from "./event-router.js";

/** How long codex may take to end a turn that was interrupted, in milliseconds; it takes about ten. */
const interruptGraceMs = 5_000;

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
  readonly #terminal = createDeferred<undefined>();
  #loaded: LoadedThread | null = null;
  #route: ThreadRoute | null = null;
  #turnId: Promise<string | null> | null = null;
  #closing: Promise<void> | null = null;
  #interrupting: Promise<void> | null = null;

  constructor(spec: TurnSpec, thread: AppServerThread) {
    this.#spec = spec;
    this.#thread = thread;
  }

  async *messages(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    this.#halt.signal.throwIfAborted();
    const loaded = await this.#thread.load(this.#halt.signal);
    this.#halt.signal.throwIfAborted();
    this.#loaded = loaded;
    // Subscribed before the turn is asked for: its first events may overtake the answer.
    const route = loaded.connection.router.subscribe(loaded.threadId);
    this.#route = route;
    try {
      const turnId = await this.#startTurn(loaded);
      for await (const batch of route) {
        const messages = batch.filter((message) => isOfTurn(message, turnId));
        const ended = messages.findIndex(isTerminal);
        if (messages.length > 0) yield ended === -1 ? messages : messages.slice(0, ended + 1);
        if (ended !== -1) return;
      }
    } finally {
      this.#terminal.resolve(undefined);
      route.close();
    }
  }

  async steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void> {
    const turnId = await this.#turnId;
    if (this.#loaded === null || turnId === null) return;
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

  async #startTurn(loaded: LoadedThread): Promise<string> {
    const { connection, threadId } = loaded;
    const { params, commit } = await this.#thread.toTurnSettings(this.#spec.options);
    const { outputSchema, input } = this.#spec;
    const schema: { readonly outputSchema?: JsonValue } = outputSchema === null ? {} : { outputSchema };
    const answer = connection.call("turn/start", { threadId, input: toWireInput(input), ...params, ...schema });
    this.#turnId = answer.then(
      ({ turn }) => turn.id,
      () => null,
    );
    try {
      const { turn } = await answer;
      commit();
      return turn.id;
    } catch (error) {
      throw (error instanceof RpcError ? toThreadError(error.message, threadId, error) : null) ?? error;
    }
  }

  async #interrupt(): Promise<void> {
    if (this.#loaded === null) return;
    const { connection, threadId } = this.#loaded;
    // A turn that is being started can only be interrupted once its id is known.
    const turnId = await this.#turnId;
    if (turnId === null || this.#terminal.settled || connection.ended) return;
    const timeoutMs = interruptGraceMs;
    await connection.call("turn/interrupt", { threadId, turnId }, { timeoutMs }).catch(ignoreRefusal);
    const onTimeout = (): CodexError => new ProtocolError("Codex did not end the turn after it was interrupted.");
    await withDeadline(this.#terminal.promise, { timeoutMs, onTimeout }).catch(() => undefined);
    await this.#cleanUp(timeoutMs);
  }

  async #cleanUp(timeoutMs: number): Promise<void> {
    if (this.#loaded === null || this.#loaded.connection.ended) return;
    const { connection, threadId } = this.#loaded;
    await connection.call("thread/backgroundTerminals/clean", { threadId }, { timeoutMs }).catch(ignoreRefusal);
    // Outside a sandbox a command can leave its session, and then only its environment tells whose it was.
    await sweepByEnvironment({ name: "CODEX_THREAD_ID", value: threadId });
  }

  async #close(): Promise<void> {
    this.#halt.abort();
    if (this.#loaded !== null && !this.#terminal.settled) await this.interrupt().catch(() => undefined);
    else await this.#interrupting?.catch(() => undefined);
    this.#route?.close();
  }
}

function isOfTurn(message: TurnMessage, turnId: string): boolean {
  if (message.kind === "request") return true;
  return message.event.turnId === null || message.event.turnId === turnId;
}

function isTerminal(message: TurnMessage): boolean {
  return message.kind === "event" && message.event.type === "turn.completed";
}

function toWireInput(input: readonly TurnInputPart[]): JsonValue {
  return input.map((part) => ({ ...part }));
}

/** "There is no such turn" is what we want to hear; a dead connection has ended the turn too. */
function ignoreRefusal(): void {
  return undefined;
}
