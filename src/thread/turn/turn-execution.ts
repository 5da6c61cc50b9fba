import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { untilAborted } from "../../internal/time/with-deadline.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { DecisionWatch } from "../../requests/decision-watch.js";
import { enforceDecisions } from "../../requests/enforce-decisions.js";
import type { TurnConnection, TurnInputPart } from "../../transport/transport.js";
import { AgentLog } from "../agents/agent-log.js";
import { type EventSource, EventStream } from "../event-stream.js";
import type { ActiveTurn, SharedThread } from "../shared-thread.js";
import { stopOnAbort } from "../stop-on-abort.js";
import { createTurnSummary, hasWorkOpen, reduceTurn, toPartialResult, type TurnSummary } from "./reduce-turn.js";
import { runTurn } from "./run-turn.js";
import { TurnClock } from "./turn-clock.js";
import { isTurnGone, ThreadBusyError, toCodexError, toTurnError, TurnNotActiveError } from "./turn-errors.js";
import { checkImages } from "./turn-input.js";
import type { TurnPlan } from "./turn-options.js";
import { createTurnReporter } from "./turn-reporter.js";
import type { Stop, TurnOutcome } from "./turn-result.js";
import type { TurnThread } from "./turn-thread.js";
import type { UsageBaseline } from "./turn-usage.js";

export type TurnStatus = "idle" | "queued" | "running" | "completed" | "interrupted" | "failed";

/** The life of one turn, from its place in the queue to its end. Nothing happens before `begin()`. */
export class TurnExecution implements ActiveTurn, EventSource {
  readonly stream = new EventStream(this);
  readonly #plan: TurnPlan;
  readonly #done = createDeferred<TurnOutcome>();
  readonly #running = createDeferred<undefined>();
  readonly #halt = new AbortController();
  readonly #listeners = new Set<(events: readonly ThreadEvent[]) => void>();
  readonly #clock: TurnClock;
  readonly #reporter = createTurnReporter();
  /** Null after `begin()`: then only the running code references the thread, so a finished turn does not keep it alive. */
  #thread: TurnThread | null;
  #phase: "idle" | "queued" | "running" | "ended" = "idle";
  #summary: TurnSummary;
  /** The thread's usage when the turn began to run. */
  #baseline: UsageBaseline = "unknown";
  #connection: TurnConnection | null = null;
  /** The running turn that accepted this turn's input (`whenBusy: "steer"`). */
  #joinedTurn: ActiveTurn | null = null;
  #stop: Stop | null = null;
  readonly #agents: AgentLog;
  #beganAt = 0;

  constructor(thread: TurnThread, plan: TurnPlan) {
    this.#thread = thread;
    this.#plan = plan;
    this.#summary = createTurnSummary(thread.shared.id);
    this.#agents = new AgentLog({ full: plan.agentEvents === true });
    this.#clock = new TurnClock(plan.limits, (limit, milliseconds) => {
      void this.stop({ kind: "timeout", limit, milliseconds });
    });
  }

  get summary(): TurnSummary {
    return this.#summary;
  }

  get usageBaseline(): UsageBaseline {
    return this.#baseline;
  }

  get status(): TurnStatus {
    if (this.#phase !== "ended") return this.#phase;
    if (this.#summary.status !== "inProgress") return this.#summary.status;
    return this.#stop === null ? "failed" : "interrupted";
  }

  /** Resolves when the turn has ended and all its resources are released. It never rejects. */
  get done(): Promise<TurnOutcome> {
    return this.#done.promise;
  }

  get running(): Promise<undefined> {
    return this.#running.promise;
  }

  onEvents(listener: (events: readonly ThreadEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  begin(): void {
    const thread = this.#thread;
    if (thread === null) return;
    this.#thread = null;
    this.#phase = "queued";
    this.#beganAt = performance.now();
    thread.track(this.done);
    void this.#run(thread);
  }

  /** Ends the turn for the reason `stop` and waits until all its resources are released. */
  async stop(stop: Stop): Promise<void> {
    if (this.#phase !== "ended") {
      this.#stop ??= stop;
      this.#halt.abort();
      this.stream.stopWaiting();
      this.begin();
      void this.#connection?.close();
    }
    await this.done;
  }

  async stopReading(): Promise<void> {
    await this.stop({ kind: "break" });
  }

  /** Asks codex to end the turn. A turn that does not run yet ends without running. */
  async interrupt(): Promise<void> {
    if (this.#phase === "ended") return;
    const running = this.#joinedTurn ?? this.#connection;
    if (running === null) {
      await this.stop({ kind: "interrupt" });
      return;
    }
    this.#stop ??= { kind: "interrupt" };
    this.stream.stopWaiting();
    await running.interrupt();
    await this.done;
  }

  async steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void> {
    if (this.#phase === "running") await untilAborted(this.running, signal);
    const running = this.#joinedTurn ?? this.#connection;
    if (this.#phase !== "running" || running === null) throw new TurnNotActiveError(this.status, this.#summary);
    await running.steer(input, signal).catch((error: unknown) => {
      throw isTurnGone(error) ? new TurnNotActiveError("over", this.#summary) : error;
    });
  }

  async #run(thread: TurnThread): Promise<void> {
    const { shared } = thread;
    const stopListening = stopOnAbort(thread, this.#plan.signal, (stop) => this.stop(stop));
    let error: CodexError | null = null;
    let leaveQueue: (() => void) | null = null;
    try {
      // No `await` between this check and `enter()`: the next turn must find the queue busy.
      if (shared.queue.busy) {
        if (await this.#join(thread)) return;
      } else shared.enter(this, thread);
      leaveQueue = await shared.queue.enter(this.#halt.signal);
      await this.#drive(thread);
    } catch (cause) {
      error = toCodexError(cause);
    } finally {
      stopListening();
      this.#clock.stop();
      await this.#connection?.close();
      shared.leave(this);
      thread.recordEnd(this.#summary);
      this.#finish(error);
      leaveQueue?.();
    }
  }

  async #drive(thread: TurnThread): Promise<void> {
    const { shared } = thread;
    this.#phase = "running";
    this.#beganAt = performance.now();
    this.#summary = createTurnSummary(shared.id);
    this.#baseline = shared.usageBaseline;
    shared.enter(this, thread);
    this.#reporter.started(this.#summary);
    this.#clock.start();
    this.#halt.signal.throwIfAborted();
    this.#connection = await thread.connect(this.#plan);
    this.#halt.signal.throwIfAborted();
    const decisions = new DecisionWatch();
    /** Ends the turn because of the answer to a server request, or of a violated decision. */
    const stop = (error: CodexError | null): void =>
      void (error === null ? this.interrupt() : this.stop({ kind: "refused", error }));
    const emitOwn = (event: ThreadEvent): void => this.#accept([event], shared);
    const enforce = (events: readonly ThreadEvent[]) => enforceDecisions(events, { decisions, stop, emit: emitOwn });
    let waiting = 0;
    const touch = (): void => this.#clock.touch(waiting > 0 || hasWorkOpen(this.#summary) || this.#agents.hasWorkOpen);
    const readerCaughtUp = async (): Promise<void> => {
      // Codex is silent because its output is not read.
      this.#clock.touch(true);
      await this.stream.caughtUp();
      touch();
    };
    const stopWatching = shared.queue.onQueued(() => this.stream.stopWaiting());
    await runTurn(this.#connection, {
      answer: (request, turn) => thread.answer(request, { ...turn, decisions }, this.#plan),
      item: (id, agent) =>
        agent === undefined ? (this.#summary.openItems.get(id) ?? null) : this.#agents.item(agent.threadId, id),
      stop,
      ready: () => (thread.pushesBack && this.stream.behind ? readerCaughtUp() : undefined),
      emit: (events) => {
        this.#accept(events, shared);
        enforce(events);
        touch();
      },
      toOwnEvents: (event, agent) => {
        enforce([event]);
        return this.#agents.accept(event, agent, this.#summary);
      },
      onWaiting: (count) => {
        waiting = count;
        touch();
      },
    }).finally(stopWatching);
  }

  /** With `whenBusy: "steer"`, adds the input to the turn that runs and follows that turn to its end. */
  async #join(thread: TurnThread): Promise<boolean> {
    const { whenBusy, input } = this.#plan;
    const { shared } = thread;
    if (whenBusy === "queue") return false;
    if (whenBusy === "reject") throw new ThreadBusyError(shared.id);
    const active = shared.joinableBy(thread);
    if (active === null) return false;
    // The events belong to this turn only if the active turn accepts the input.
    const early: ThreadEvent[] = [];
    const unsubscribe = active.onEvents((events) => {
      if (this.#joinedTurn === null) return void early.push(...events);
      this.#accept(events, shared);
      this.#clock.touch(hasWorkOpen(active.summary));
    });
    try {
      await checkImages(input);
      await untilAborted(active.running, this.#halt.signal);
      if (shared.joinableBy(thread) !== active) return false;
      await active.steer(input, this.#halt.signal);
      this.#joinedTurn = active;
      this.#accept(early, shared);
      this.#baseline = active.usageBaseline;
      this.#phase = "running";
      this.#running.resolve(undefined);
      this.#clock.start();
      const outcome = await untilAborted(active.done, this.#halt.signal).catch(() => null);
      this.#summary = active.summary;
      if (outcome?.stop?.kind === "refused") throw outcome.stop.error;
      // An error without a terminal event ends every turn that joined. A stop by the active turn's caller does not.
      if (outcome !== null && outcome.stop === null && outcome.error !== null) throw outcome.error;
      if (outcome !== null && this.#summary.status === "inProgress") this.#stop ??= { kind: "interrupt" };
      return true;
    } catch (error) {
      if (!(error instanceof TurnNotActiveError)) throw error;
      return false;
    } finally {
      unsubscribe();
    }
  }

  #accept(events: readonly ThreadEvent[], shared: SharedThread): void {
    for (const event of events) {
      this.#summary = reduceTurn(this.#summary, event);
      this.#reporter.accept(event);
      shared.noteEvent(event);
      if (event.type === "turn.started" || event.type === "turn.completed") this.#running.resolve(undefined);
    }
    this.stream.push(events);
    for (const listener of this.#listeners) listener(events);
  }

  #finish(cause: CodexError | null): void {
    this.#phase = "ended";
    const terminal = this.#summary.status !== "inProgress";
    const durationMs = performance.now() - this.#beganAt;
    const result = toPartialResult(this.#summary, { baseline: this.#baseline, durationMs });
    const error = terminal && this.#stop === null ? null : cause;
    const stop = this.#stop;
    const outcome = { result, error, stop, failure: toTurnError({ result, error, stop }) };
    this.#reporter.ended(outcome);
    this.#endStream(outcome);
    this.#done.resolve(outcome);
    this.#running.resolve(undefined);
  }

  /** Ends the stream: without an error if the terminal event shows how the turn ended, else with the failure. */
  #endStream({ result, failure, stop }: TurnOutcome): void {
    const shown = stop === null && (result.status === "completed" || result.status === "failed");
    const error = shown || stop?.kind === "interrupt" ? null : failure;
    this.stream.end(error, { drop: stop?.kind === "abort" });
  }
}
