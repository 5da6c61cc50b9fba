import { AbortedError } from "../../errors/aborted-error.js";
import { TurnNotActiveError } from "../../errors/turn-not-active-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { keepAlive } from "../../internal/time/keep-alive.js";
import type { JsonObject, JsonValue } from "../../internal/json.js";
import { untilAborted, withDeadline } from "../../internal/time/with-deadline.js";
import { noteByEnvironment } from "../../process/stop/note-by-environment.js";
import { RpcError, RpcTimeoutError } from "../../rpc/rpc-errors.js";
import { toThreadError } from "../launch/codex-errors.js";
import { ProtocolError } from "../../errors/protocol-error.js";
import type { TakeMessages, TurnConnection, TurnInputPart, TurnMessage, TurnSpec } from "../transport.js";
import type { AppServerConnection } from "./app-server-connection.js";
import { refuseUnread } from "./event-router.js";
import type { RunningAgent } from "./agent-registry.js";
import type { ThreadLease } from "./thread-lease.js";
import { AgentWatch } from "./turn-agents.js";
import { isOfTurn, isStart, isTerminal, refuseOtherEnds, resolveTurnId } from "./turn-messages.js";

/** Milliseconds that codex may take to end an interrupted turn. It usually takes ten. */
const interruptGraceMs = 5_000;

/** Milliseconds that codex may take to clean up after a turn that did not end when it was interrupted, or to describe a thread. */
const cleanGraceMs = 1_000;

/** One turn on the app-server. It leases its thread when it runs. */
export class AppServerTurn implements TurnConnection {
  readonly #spec: TurnSpec;
  readonly #acquire: (signal: AbortSignal) => Promise<ThreadLease>;
  readonly #halt = new AbortController();
  /** Rejected when codex does not answer and is no longer waited for. */
  readonly #givenUp = createDeferred<never>();
  readonly #terminal = createDeferred<undefined>();
  /** The turn's id once codex has reported it; null if no turn was started. */
  readonly #turnId = createDeferred<string | null>();
  /** Settled once codex works on the turn. Before that codex has nothing to interrupt. */
  readonly #live = createDeferred<undefined>();
  #lease: ThreadLease | null = null;
  /** Null before the first sub-agent. */
  #agents: AgentWatch | null = null;
  #begun = false;
  /** `turn/start` was sent: from here on only an interrupt ends the turn. */
  #requested = false;
  #closing: Promise<void> | null = null;
  #interrupting: Promise<void> | null = null;
  #endingAgents = Promise.resolve();
  /** The number of sub-agents that were ended. */
  #endedAgents = 0;

  constructor(spec: TurnSpec, acquire: (signal: AbortSignal) => Promise<ThreadLease>) {
    this.#spec = spec;
    this.#acquire = acquire;
  }

  async run(take: TakeMessages): Promise<void> {
    this.#begun = true;
    let endKeepAlive: (() => void) | null = null;
    let stored = false;
    try {
      this.#halt.signal.throwIfAborted();
      const lease = await this.#acquire(this.#halt.signal);
      this.#lease = lease;
      endKeepAlive = keepAlive();
      this.#halt.signal.throwIfAborted();
      if (lease.notices.length > 0) await take(lease.notices);
      lease.route.agents.onFirst(() => (this.#agents = this.#watchAgents(lease)));
      const turnId = await this.#startTurn(lease);
      await lease.route.forEach((batch) => {
        const { messages, ended } = this.#sort(batch, turnId);
        this.#agents?.accept(messages);
        if (ended !== null) {
          stored = true;
          return this.#end(lease, { messages, ended, turnId, take });
        }
        const own = this.#withWarnings(messages, { threadId: lease.threadId, turnId });
        const taken = own.length === 0 ? undefined : take(own);
        refuseOtherEnds(batch, turnId);
        return taken;
      });
    } finally {
      this.#turnId.resolve(null);
      this.#live.resolve(undefined);
      this.#terminal.resolve(undefined);
      this.#lease?.route.close();
      this.#lease?.release({ stored });
      endKeepAlive?.();
    }
  }

  /** The messages of this turn, and the place of its terminal event among them. One pass: it runs for every event. */
  #sort(batch: readonly TurnMessage[], turnId: string): { messages: TurnMessage[]; ended: number | null } {
    const messages: TurnMessage[] = [];
    let ended: number | null = null;
    for (const message of batch) {
      if (!isOfTurn(message, turnId)) continue;
      if (isStart(message)) this.#live.resolve(undefined);
      else if (isTerminal(message)) ended ??= messages.length;
      messages.push(message);
    }
    return { messages, ended };
  }

  #withWarnings(
    messages: readonly TurnMessage[],
    { threadId, turnId }: { readonly threadId: string; readonly turnId: string },
  ): readonly TurnMessage[] {
    return this.#agents === null ? messages : [...this.#agents.takeWarnings(threadId, turnId), ...messages];
  }

  /** Passes the last messages. The sub-agents end before the terminal event: no agent works for a turn that is over. */
  async #end(lease: ThreadLease, { messages, ended, turnId, take }: LastBatch): Promise<false> {
    if (this.#agents === null) {
      refuseUnread(messages.splice(ended + 1));
      await take(messages);
      return false;
    }
    await this.#agents.settled();
    const last = messages.splice(ended);
    const own = this.#withWarnings(messages, { threadId: lease.threadId, turnId });
    if (own.length > 0) await take(own);
    await this.#endAgents(lease);
    const late = [...last.splice(1), ...lease.route.drain()];
    refuseUnread(late);
    await take([...late.filter((message) => message.kind === "event" && message.agent !== undefined), ...last]);
    return false;
  }

  async steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void> {
    const turnId = await untilAborted(this.#turnId.promise, signal);
    if (this.#lease === null || turnId === null) {
      throw new TurnNotActiveError("over before it started", { threadId: this.#lease?.threadId ?? null, turnId });
    }
    const { connection, threadId } = this.#lease;
    await connection.call("turn/steer", { threadId, expectedTurnId: turnId, input: toWireInput(input) }, { signal });
  }

  /** Interrupts the turn and ends its commands, which an interrupt alone leaves running. */
  interrupt(): Promise<void> {
    this.#interrupting ??= this.#interrupt();
    return this.#interrupting;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #watchAgents({ connection, route, toolsStayWithThread, exceeds }: ThreadLease): AgentWatch {
    const timeoutMs = cleanGraceMs;
    const read = (threadId: string): Promise<string | null> =>
      connection.call("thread/read", { threadId }, { timeoutMs }).then(({ thread }) => thread.forkedFromId);
    const interrupt = this.#interruptAgent;
    return new AgentWatch(route.agents, { readParent: toolsStayWithThread ? read : null, exceeds, interrupt });
  }

  async #startTurn(lease: ThreadLease): Promise<string> {
    const { connection, threadId, route, params } = lease;
    const { outputSchema, input } = this.#spec;
    const schema: { readonly outputSchema?: JsonValue } = outputSchema === null ? {} : { outputSchema };
    this.#halt.signal.throwIfAborted();
    this.#requested = true;
    const sent = connection.call("turn/start", { threadId, input: toWireInput(input), ...params, ...schema });
    const reported = resolveTurnId(
      sent.then(({ turn }) => turn.id),
      route.turnStarted,
    );
    reported.then(
      (id) => this.#turnId.resolve(id),
      () => this.#turnId.resolve(null),
    );
    try {
      const id = await Promise.race([reported, this.#givenUp.promise]);
      lease.commit();
      return id;
    } catch (error) {
      throw (error instanceof RpcError ? toThreadError(error.message, threadId, error) : null) ?? error;
    }
  }

  async #interrupt(): Promise<void> {
    // Before `turn/start` there is nothing to interrupt, however long the thread takes to load.
    this.#halt.abort();
    if (!this.#requested || this.#lease === null) return;
    const endKeepAlive = keepAlive();
    try {
      await this.#interruptTurn(this.#lease);
    } finally {
      endKeepAlive();
    }
  }

  async #interruptTurn(lease: ThreadLease): Promise<void> {
    const { connection, threadId } = lease;
    const withinGrace = createGrace(interruptGraceMs);
    const turnId = await withinGrace(this.#turnId.promise);
    if (this.#terminal.settled || turnId === null) return;
    if (turnId === undefined) {
      await this.#giveUp(connection, true);
      return;
    }
    await withinGrace(this.#live.promise);
    // Outside a sandbox a command can leave its session. Then only its environment, or its present parent, identifies it.
    const killLeftovers = await noteCommands([threadId]);
    // The turn's end is what counts: the answer to `turn/interrupt` may never come. A failed write means a lost connection.
    const over = this.#terminal.promise.then(() => "ended" as const);
    const sent = this.#send("turn/interrupt", { threadId, turnId }, interruptGraceMs);
    const agentsEnded = this.#endAgents(lease);
    const outcome = await withinGrace(Promise.race([over, sent.then((reached) => (reached ? over : "lost"))]));
    if (outcome !== "ended") await this.#giveUp(connection, outcome !== "lost");
    // An interrupt alone leaves the turn's commands running.
    const timeoutMs = outcome === "ended" ? interruptGraceMs : cleanGraceMs;
    await this.#send("thread/backgroundTerminals/clean", { threadId }, timeoutMs);
    await killLeftovers();
    await agentsEnded;
  }

  /** Ends the sub-agents that have started so far, once each. */
  #endAgents(lease: ThreadLease): Promise<void> {
    this.#endingAgents = this.#endingAgents.then(() => this.#interruptAgents(lease));
    return this.#endingAgents;
  }

  readonly #interruptAgent = ({ threadId, turnId }: RunningAgent): void =>
    void this.#send("turn/interrupt", { threadId, turnId }, interruptGraceMs);

  /** Interrupts the sub-agents of the turn, which codex would let work on, and ends their commands. */
  async #interruptAgents({ connection, route: { agents } }: ThreadLease): Promise<void> {
    if (this.#givenUp.settled) return;
    const withinGrace = createGrace(interruptGraceMs);
    const noted = [...agents.threadIds];
    const killLeftovers = await noteCommands(noted);
    // Agents that start from now on are interrupted at once, also if there is none yet.
    const stopped = agents.stop(this.#interruptAgent).then(() => true);
    const ended = (await withinGrace(stopped)) === true;
    if (!ended) await this.#giveUp(connection, true);
    const started = [...agents.threadIds];
    if (started.length === this.#endedAgents) return;
    this.#endedAgents = started.length;
    const killLate = await noteCommands(started.slice(noted.length));
    const timeoutMs = ended ? interruptGraceMs : cleanGraceMs;
    const clean = (threadId: string) => this.#send("thread/backgroundTerminals/clean", { threadId }, timeoutMs);
    await Promise.all(started.map(clean));
    await Promise.all([killLeftovers(), killLate()]);
  }

  /**
   * Returns false if codex cannot be reached. An error answer is no failure: the turn or the connection has ended by itself.
   */
  async #send(
    method: "turn/interrupt" | "thread/backgroundTerminals/clean",
    params: JsonObject,
    timeoutMs: number,
  ): Promise<boolean> {
    if (this.#lease === null || this.#lease.connection.ended) return true;
    try {
      await this.#lease.connection.call(method, params, { timeoutMs });
      return true;
    } catch (error) {
      return error instanceof RpcError || error instanceof RpcTimeoutError || error instanceof ProtocolError;
    }
  }

  /**
   * Codex does not answer. Ends the process if this is its only turn, or if it cannot be reached; otherwise the turn is left
   * to codex and its messages are no longer read.
   */
  async #giveUp(connection: AppServerConnection, reachable: boolean): Promise<void> {
    if (!reachable || connection.router.size <= 1) await connection.close();
    this.#lease?.route.close();
    this.#givenUp.reject(new AbortedError(undefined));
  }

  async #close(): Promise<void> {
    if (!this.#terminal.settled) this.#halt.abort();
    if (this.#begun && !this.#terminal.settled) await this.interrupt().catch(() => undefined);
    else await this.#interrupting?.catch(() => undefined);
    this.#lease?.route.close();
  }
}

interface LastBatch {
  readonly messages: TurnMessage[];
  /** The place of the terminal event among the messages. */
  readonly ended: number;
  readonly turnId: string;
  readonly take: TakeMessages;
}

/** Returns a function that awaits promises, all together for at most `graceMs`. A promise that takes longer yields undefined. */
function createGrace(graceMs: number): <T>(promise: Promise<T>) => Promise<T | undefined> {
  const end = performance.now() + graceMs;
  return <T>(promise: Promise<T>) => {
    const timeoutMs = Math.max(0, end - performance.now());
    return withDeadline<T | undefined>(promise, { timeoutMs, onTimeout: () => new Error() }).catch(() => undefined);
  };
}

/** Notes the commands of threads. Returns a function that kills those that still run. */
function noteCommands(threadIds: readonly string[]): Promise<() => Promise<number>> {
  return noteByEnvironment(...threadIds.map((value) => ({ name: "CODEX_THREAD_ID" as const, value })));
}

function toWireInput(input: readonly TurnInputPart[]): JsonValue {
  return input.map((part) => ({ ...part }));
}
