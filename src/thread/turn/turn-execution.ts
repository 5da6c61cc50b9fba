import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { untilAborted } from "../../internal/time/with-deadline.js";
import type { TurnInputPart } from "../../transport/transport.js";
import { type EventSource, EventStream } from "../stream/event-stream.js";
import { stopOnAbort } from "../stop-on-abort.js";
import type { ActiveTurn, Participation, TurnEnd } from "./participants.js";
import { createTurnSummary, hasWorkOpen, toPartialResult, type TurnSummary } from "./reduce-turn.js";
import { type FirstParticipant, SharedTurn } from "./shared-turn.js";
import { TurnClock } from "./turn-clock.js";
import { ThreadBusyError, toCodexError, toTurnError, TurnNotActiveError } from "./turn-errors.js";
import { checkImages } from "./turn-input.js";
import type { TurnPlan } from "./turn-options.js";
import type { Stop, TurnOutcome } from "./turn-result.js";
import type { TurnThread } from "./turn-thread.js";

export type TurnStatus = "idle" | "queued" | "running" | "completed" | "interrupted" | "failed";

/**
 * The part of one caller in a turn: its events, limits, stop and outcome. The caller starts a turn of its own or joins the
 * one that runs (`whenBusy: "steer"`). Nothing happens before `begin()`.
 */
export class TurnExecution implements EventSource, FirstParticipant {
  readonly stream = new EventStream(this);
  readonly #plan: TurnPlan;
  readonly #done = createDeferred<TurnOutcome>();
  readonly #running = createDeferred<undefined>();
  readonly #halt = new AbortController();
  readonly #clock: TurnClock;
  /** Null after `begin()`: then only the running code references the thread, so a finished turn does not keep it alive. */
  #thread: TurnThread | null;
  #phase: "idle" | "queued" | "running" | "ended" = "idle";
  /** The turn that this one takes part in: its own, or the one that it joined. Null before that, and after the end. */
  #turn: ActiveTurn | null = null;
  #part: Participation | null = null;
  /** The summary of an execution without a turn. */
  #summary: TurnSummary;
  #stop: Stop | null = null;
  #stopListening: (() => void) | null = null;
  #beganAt = 0;

  constructor(thread: TurnThread, plan: TurnPlan) {
    this.#thread = thread;
    this.#plan = plan;
    this.#summary = createTurnSummary(thread.shared.id);
    this.#clock = new TurnClock(plan.limits, (limit, milliseconds) => {
      void this.stop({ kind: "timeout", limit, milliseconds });
    });
  }

  get summary(): TurnSummary {
    return this.#turn?.summary ?? this.#summary;
  }

  get status(): TurnStatus {
    if (this.#phase !== "ended") return this.#phase;
    if (this.#summary.status !== "inProgress") return this.#summary.status;
    return this.#stop === null ? "failed" : "interrupted";
  }

  /** Resolves when the turn has ended and all its resources are released, or when the caller has left it. It never rejects. */
  get done(): Promise<TurnOutcome> {
    return this.#done.promise;
  }

  /** Resolves when codex works on the turn, or if it ends before that. */
  get running(): Promise<undefined> {
    return this.#running.promise;
  }

  begin(): void {
    const thread = this.#thread;
    if (thread === null) return;
    this.#thread = null;
    this.#phase = "queued";
    this.#beganAt = performance.now();
    thread.track(this.done);
    this.#stopListening = stopOnAbort(thread, this.#plan.signal, (stop) => this.stop(stop));
    void this.#run(thread);
  }

  /** Leaves the turn for the reason `stop`. The turn ends, and is awaited, unless another caller wants it. */
  async stop(stop: Stop): Promise<void> {
    if (this.#phase !== "ended") {
      this.#stop ??= stop;
      this.#halt.abort();
      this.stream.stopWaiting();
      this.begin();
      if (this.#part !== null && this.#turn?.leave(this.#part, this.#stop) === true) {
        if (this.#stop.kind === "timeout") this.#stop = { ...this.#stop, continues: true };
        this.#finish(null);
      }
    }
    await this.done;
  }

  async stopReading(): Promise<void> {
    await this.stop({ kind: "break" });
  }

  /** Asks codex to end the turn, for all its callers. A turn that does not run yet ends without running. */
  async interrupt(): Promise<void> {
    if (this.#phase === "ended") return;
    if (this.#phase !== "running" || this.#turn === null) {
      await this.stop({ kind: "interrupt" });
      return;
    }
    this.#stop ??= { kind: "interrupt" };
    await this.#turn.interrupt();
    await this.done;
  }

  async steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void> {
    if (this.#phase !== "running" || this.#turn === null) throw new TurnNotActiveError(this.status, this.summary);
    await this.#turn.steer(input, signal);
  }

  admitted(): void {
    this.#phase = "running";
    this.#beganAt = performance.now();
    this.#clock.start();
  }

  touch(busy: boolean): void {
    this.#clock.touch(busy);
  }

  end({ error, stop }: TurnEnd): void {
    this.#stop ??= stop;
    this.#finish(error);
  }

  async #run(thread: TurnThread): Promise<void> {
    try {
      if (thread.shared.queue.busy && (await this.#join(thread))) return;
      this.#halt.signal.throwIfAborted();
      const turn = new SharedTurn(thread, this.#plan, this);
      const part = turn.open(this);
      turn.want(part);
      this.#takePart(turn, part);
      await turn.run();
    } catch (cause) {
      this.#finish(toCodexError(cause));
    }
  }

  /** With `whenBusy: "steer"`, adds the input to the turn that runs and follows that turn to its end. */
  async #join(thread: TurnThread): Promise<boolean> {
    const { whenBusy, input } = this.#plan;
    const { shared } = thread;
    if (whenBusy === "queue") return false;
    if (whenBusy === "reject") throw new ThreadBusyError(shared.id);
    const active = shared.joinableBy(thread);
    if (active === null) return false;
    const { signal } = this.#halt;
    // The events belong to this turn only if the active turn accepts the input.
    const part = active.open(this);
    let joined = false;
    try {
      await checkImages(input);
      await untilAborted(active.running, signal);
      if (shared.joinableBy(thread) !== active || !active.want(part)) return false;
      await active.steer(input, signal);
      signal.throwIfAborted();
      joined = true;
      this.admitted();
      this.touch(hasWorkOpen(active.summary));
      this.#takePart(active, part);
    } catch (error) {
      if (!(error instanceof TurnNotActiveError)) throw error;
    } finally {
      if (!joined && !active.leave(part, this.#stop ?? { kind: "break" })) await active.done;
    }
    return joined;
  }

  #takePart(turn: ActiveTurn, part: Participation): void {
    this.#turn = turn;
    this.#part = part;
    void turn.running.then(() => this.#running.resolve(undefined));
    part.admit();
  }

  #finish(error: CodexError | null): void {
    if (this.#phase === "ended") return;
    const durationMs = Math.round(performance.now() - this.#beganAt);
    const result =
      this.#turn?.toResult(durationMs) ?? toPartialResult(this.#summary, { baseline: "unknown", durationMs });
    const end = { result, error, stop: this.#stop };
    const outcome = { ...end, failure: toTurnError(end) };
    this.#summary = this.summary;
    this.#phase = "ended";
    this.#turn = null;
    this.#part = null;
    this.#stopListening?.();
    this.#stopListening = null;
    this.#clock.stop();
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
