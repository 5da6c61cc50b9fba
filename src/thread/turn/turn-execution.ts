import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { onAbort } from "../../internal/on-abort.js";
import { untilAborted } from "../../internal/with-deadline.js";
import type { ThreadEvent } from "../../protocol/index.js";
import type { TurnConnection, TurnInputPart } from "../../transport/transport.js";
import { hasWorkOpen, createTurnSummary, reduceTurn, toPartialResult, type TurnSummary } from "./reduce-turn.js";
import { runTurn } from "./run-turn.js";
import type { TurnEngineOptions } from "./turn-engine-options.js";
import type { Stop, TurnOutcome } from "./turn-result.js";
import { TurnClock } from "./turn-clock.js";
import { ThreadBusyError, TurnNotActiveError, isTurnGone, toCodexError } from "./turn-errors.js";
import { checkImages } from "./turn-input.js";
import { createTurnReporter } from "./turn-reporter.js";
import type { UsageBaseline } from "./turn-usage.js";

export type EventSink = (events: readonly ThreadEvent[]) => void;

/** Takes one turn from its place in the queue to its end, whoever reads along. Nothing happens before `begin()`. */
export class TurnEngine {
  readonly #options: TurnEngineOptions;
  readonly #done = createDeferred<TurnOutcome>();
  readonly #running = createDeferred<undefined>();
  readonly #halt = new AbortController();
  readonly #sinks = new Set<EventSink>();
  readonly #clock: TurnClock;
  readonly #reporter = createTurnReporter();
  #status: "idle" | "queued" | "running" | "ended" = "idle";
  #summary: TurnSummary;
  /** What the thread had used when the turn began to run. */
  #baseline: UsageBaseline = "unknown";
  #connection: TurnConnection | null = null;
  /** The running turn that this one joined instead of starting its own. */
  #joinedTurn: TurnEngine | null = null;
  #stop: Stop | null = null;
  #beganAt = 0;

  constructor(options: TurnEngineOptions) {
    this.#options = options;
    this.#summary = createTurnSummary(options.host.threadId);
    this.#clock = new TurnClock(options.limits, (limit, milliseconds) => {
      void this.stop({ kind: "timeout", limit, milliseconds });
    });
  }

  get summary(): TurnSummary {
    return this.#summary;
  }

  get status(): "idle" | "queued" | "running" | "completed" | "interrupted" | "failed" {
    if (this.#status !== "ended") return this.#status;
    if (this.#summary.status !== "inProgress") return this.#summary.status;
    return this.#stop === null ? "failed" : "interrupted";
  }

  /** Resolves when the turn has ended and nothing of it is left. It never rejects. */
  get done(): Promise<TurnOutcome> {
    return this.#done.promise;
  }

  /** Resolves when codex works on the turn, or when the turn has ended before it did. */
  get running(): Promise<undefined> {
    return this.#running.promise;
  }

  addSink(sink: EventSink): () => void {
    this.#sinks.add(sink);
    return () => this.#sinks.delete(sink);
  }

  begin(): void {
    if (this.#status !== "idle") return;
    this.#status = "queued";
    this.#beganAt = performance.now();
    this.#options.onBegin();
    void this.#run();
  }

  /** Ends the turn for our own reasons and waits until nothing of it is left. */
  async stop(stop: Stop): Promise<void> {
    if (this.#status !== "ended") {
      this.#stop ??= stop;
      this.#halt.abort();
      this.#options.gate?.open();
      if (this.#status === "idle") this.begin();
      void this.#connection?.close();
    }
    await this.done;
  }

  /** Asks codex to end the turn; a turn that does not run yet never will. */
  async interrupt(): Promise<void> {
    if (this.#status === "ended") return;
    const running = this.#joinedTurn ?? this.#connection;
    if (running === null) {
      await this.stop({ kind: "interrupt" });
      return;
    }
    this.#stop ??= { kind: "interrupt" };
    this.#options.gate?.open();
    await running.interrupt();
    await this.done;
  }

  async steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void> {
    if (this.#status === "running") await untilAborted(this.#running.promise, signal);
    const running = this.#joinedTurn ?? this.#connection;
    if (this.#status !== "running" || running === null) throw new TurnNotActiveError(this.status, this.#summary);
    await running.steer(input, signal).catch((error: unknown) => {
      throw isTurnGone(error) ? new TurnNotActiveError("over", this.#summary) : error;
    });
  }

  async #run(): Promise<void> {
    const { host, signal } = this.#options;
    const abort = (): void => void this.stop({ kind: "abort", reason: signal?.reason });
    const stopListening = signal === null ? null : onAbort(signal, abort);
    let error: CodexError | null = null;
    let leave: (() => void) | null = null;
    try {
      // Nothing is waited for in between: whoever begins next finds the queue busy.
      if (host.line.queue.busy) {
        if (await this.#joined()) return;
      } else host.line.active = this;
      leave = await host.line.queue.enter(this.#halt.signal);
      await this.#drive();
    } catch (cause) {
      error = toCodexError(cause);
    } finally {
      stopListening?.();
      this.#clock.stop();
      await this.#connection?.close();
      if (host.line.active === this) host.line.active = null;
      this.#finish(error);
      leave?.();
    }
  }

  async #drive(): Promise<void> {
    const { host, open, answer } = this.#options;
    this.#status = "running";
    this.#beganAt = performance.now();
    this.#summary = createTurnSummary(host.threadId);
    this.#baseline = host.line.usageBaseline;
    host.line.active = this;
    this.#reporter.started(this.#summary);
    this.#clock.start();
    this.#halt.signal.throwIfAborted();
    this.#connection = await open();
    this.#halt.signal.throwIfAborted();
    let waiting = 0;
    const touch = (): void => this.#clock.touch(waiting > 0 || hasWorkOpen(this.#summary));
    const { gate } = this.#options;
    const forgetWanted = gate === undefined ? null : host.line.queue.onWanted(() => gate.open());
    const ready = async (): Promise<void> => {
      if (gate?.shut !== true) return;
      // Codex is silent because we do not listen.
      this.#clock.touch(true);
      await gate.pass();
      touch();
    };
    await runTurn(this.#connection, {
      answer,
      item: (id) => this.#summary.openItems.get(id) ?? null,
      stop: (error) => void this.#stopFor(error),
      ready: host.pushesBack ? ready : undefined,
      emit: (events) => {
        this.#accept(events);
        touch();
      },
      onWaiting: (count) => {
        waiting = count;
        touch();
      },
    }).finally(() => forgetWanted?.());
  }

  /** An answer to codex ends the turn. */
  async #stopFor(error: CodexError | null): Promise<void> {
    await (error === null ? this.interrupt() : this.stop({ kind: "refused", error }));
  }

  /** With `whenBusy: "steer"`, adds the input to the turn that runs and becomes its companion to the end. */
  async #joined(): Promise<boolean> {
    const { host, whenBusy, input } = this.#options;
    if (whenBusy === "queue") return false;
    if (whenBusy === "reject") throw new ThreadBusyError(host.threadId);
    const { active } = host.line;
    if (active === null) return false;
    // Only a turn that took the input is ours to tell of.
    const early: ThreadEvent[] = [];
    const leave = active.addSink((events) => {
      if (this.#joinedTurn === null) return void early.push(...events);
      this.#accept(events);
      this.#clock.touch(hasWorkOpen(active.summary));
    });
    try {
      await checkImages(input);
      await untilAborted(active.running, this.#halt.signal);
      await active.steer(input, this.#halt.signal);
      this.#joinedTurn = active;
      this.#accept(early);
      this.#baseline = active.#baseline;
      this.#status = "running";
      this.#running.resolve(undefined);
      this.#clock.start();
      const outcome = await untilAborted(active.done, this.#halt.signal).catch(() => null);
      this.#summary = active.summary;
      // Why the turn ended without an event concerns all that joined it; why its own caller ended it does not.
      if (outcome !== null && outcome.stop === null && outcome.error !== null) throw outcome.error;
      if (outcome !== null && this.#summary.status === "inProgress") this.#stop ??= { kind: "interrupt" };
      return true;
    } catch (error) {
      if (!(error instanceof TurnNotActiveError)) throw error;
      return false;
    } finally {
      leave();
    }
  }

  #accept(events: readonly ThreadEvent[]): void {
    for (const event of events) {
      this.#summary = reduceTurn(this.#summary, event);
      this.#reporter.heard(event);
      this.#options.host.heard(event);
      if (event.type === "turn.started" || event.type === "turn.completed") this.#running.resolve(undefined);
    }
    for (const sink of this.#sinks) sink(events);
  }

  #finish(error: CodexError | null): void {
    this.#status = "ended";
    const terminal = this.#summary.status !== "inProgress";
    const result = toPartialResult(this.#summary, {
      baseline: this.#baseline,
      durationMs: performance.now() - this.#beganAt,
    });
    const outcome = { result, error: terminal && this.#stop === null ? null : error, stop: this.#stop };
    this.#options.host.ended(this.#summary);
    this.#reporter.ended(outcome);
    this.#done.resolve(outcome);
    this.#running.resolve(undefined);
  }
}
