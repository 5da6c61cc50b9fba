import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { untilAborted } from "../../internal/time/with-deadline.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { DecisionWatch, startsAction } from "../../requests/decision-watch.js";
import { enforceDecisions } from "../../requests/enforce-decisions.js";
import type { TurnConnection, TurnInputPart } from "../../transport/transport.js";
import { AgentLog } from "../agents/agent-log.js";
import { type ActiveTurn, type Participant, Participants, type Participation, type TurnEnd } from "./participants.js";
import { createTurnSummary, hasWorkOpen, reduceTurn, toPartialResult, type TurnSummary } from "./reduce-turn.js";
import { runTurn } from "./run-turn.js";
import { isTurnGone, toCodexError, TurnNotActiveError } from "./turn-errors.js";
import type { TurnPlan } from "./turn-options.js";
import { createTurnReporter } from "./turn-reporter.js";
import type { PartialTurnResult, Stop } from "./turn-result.js";
import type { TurnThread } from "./turn-thread.js";
import type { UsageBaseline } from "./turn-usage.js";
import { withUnsaved } from "./turn-warnings.js";

/**
 * A turn in codex, from its place in the queue to its end, for all its participants. The thread of the first participant
 * answers the server requests, also after that participant has left.
 */
export class SharedTurn implements ActiveTurn {
  readonly #thread: TurnThread;
  readonly #plan: TurnPlan;
  readonly #first: FirstParticipant;
  readonly #participants = new Participants();
  readonly #running = createDeferred<undefined>();
  readonly #done = createDeferred<TurnEnd>();
  readonly #halt = new AbortController();
  readonly #reporter = createTurnReporter();
  readonly #agents: AgentLog;
  #summary: TurnSummary;
  /** The thread's usage when the turn began to run. */
  #baseline: UsageBaseline = "unknown";
  #connection: TurnConnection | null = null;
  #decisions: DecisionWatch | null = null;
  #stop: Stop | null = null;
  #beganAt = performance.now();

  constructor(thread: TurnThread, plan: TurnPlan, first: FirstParticipant) {
    this.#thread = thread;
    this.#plan = plan;
    this.#first = first;
    this.#summary = createTurnSummary(thread.shared.id);
    this.#agents = new AgentLog({ full: plan.agentEvents === true });
  }

  get summary(): TurnSummary {
    return this.#summary;
  }

  get running(): Promise<undefined> {
    return this.#running.promise;
  }

  /** Resolves when the turn has ended and all its resources are released. It never rejects. */
  get done(): Promise<TurnEnd> {
    return this.#done.promise;
  }

  /** Runs the turn when the thread's queue admits it. It never rejects. */
  async run(): Promise<void> {
    const { shared } = this.#thread;
    let error: CodexError | null = null;
    let leaveQueue: (() => void) | null = null;
    // No `await` before `queue.enter()`: the next turn must find the queue busy.
    if (!shared.queue.busy) shared.enter(this, this.#thread);
    this.#thread.lead(this.done);
    try {
      leaveQueue = await shared.queue.enter(this.#halt.signal);
      this.#halt.signal.throwIfAborted();
      await this.#drive();
    } catch (cause) {
      error = toCodexError(cause);
    } finally {
      await this.#connection?.close();
      shared.leave(this);
      this.#thread.recordEnd(this.#summary);
      this.#finish(error);
      leaveQueue?.();
    }
  }

  open(participant: Participant): Participation {
    return this.#participants.add(participant);
  }

  want(part: Participation): boolean {
    part.wants = this.#stop === null && !this.#done.settled;
    // The other participants wait for the end of the turn, not only its reader.
    if (part.wants && this.#participants.wantedWithout(part)) this.#participants.stopWaiting();
    return part.wants;
  }

  leave(part: Participation, stop: Stop): boolean {
    const continues = !part.wants || this.#participants.wantedWithout(part);
    if (continues) this.#participants.remove(part);
    else this.#end(stop);
    return continues;
  }

  async steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void> {
    await untilAborted(this.running, signal);
    if (this.#connection === null || this.#done.settled) throw new TurnNotActiveError("over", this.#summary);
    await this.#connection.steer(input, signal).catch((error: unknown) => {
      throw isTurnGone(error) ? new TurnNotActiveError("over", this.#summary) : error;
    });
  }

  async interrupt(): Promise<void> {
    if (this.#connection === null) this.#end({ kind: "interrupt" });
    else {
      this.#stop ??= { kind: "interrupt" };
      this.#participants.stopWaiting();
      await this.#connection.interrupt();
    }
    await this.done;
  }

  toResult(durationMs: number): PartialTurnResult {
    return toPartialResult(this.#summary, { baseline: this.#baseline, durationMs });
  }

  async #drive(): Promise<void> {
    const { shared } = this.#thread;
    this.#beganAt = performance.now();
    this.#summary = createTurnSummary(shared.id);
    this.#baseline = shared.usageBaseline;
    shared.enter(this, this.#thread);
    this.#reporter.started(this.#summary);
    this.#first.admitted();
    this.#connection = await this.#thread.connect(this.#plan, this.#halt.signal);
    this.#halt.signal.throwIfAborted();
    /** Ends the turn because of the answer to a server request, or of a violated decision. */
    const stop = (error: CodexError | null): void => {
      if (error === null) void this.interrupt();
      else this.#end({ kind: "refused", error });
    };
    const emitOwn = (event: ThreadEvent): void => this.#accept([event]);
    const enforce = (events: readonly ThreadEvent[]): void => {
      if (this.#decisions === null && !events.some(startsAction)) return;
      enforceDecisions(events, { decisions: this.#watch(), stop, emit: emitOwn });
    };
    let waiting = 0;
    const touch = (): void =>
      this.#participants.touch(waiting > 0 || hasWorkOpen(this.#summary) || this.#agents.hasWorkOpen);
    const { stream } = this.#first;
    const readerCaughtUp = async (): Promise<void> => {
      // Codex is silent because its output is not read.
      this.#participants.touch(true);
      await stream.caughtUp();
      touch();
    };
    const stopWatching = shared.queue.onQueued(() => stream.stopWaiting());
    await runTurn(this.#connection, {
      answer: (request, turn) => this.#thread.answer(request, { ...turn, decisions: this.#watch() }, this.#plan),
      item: (id, agent) =>
        agent === undefined ? (this.#summary.openItems.get(id) ?? null) : this.#agents.item(agent.threadId, id),
      stop,
      ready: () => (this.#thread.pushesBack && stream.behind ? readerCaughtUp() : undefined),
      emit: (events) => {
        this.#accept(events);
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

  #watch(): DecisionWatch {
    this.#decisions ??= new DecisionWatch();
    return this.#decisions;
  }

  #accept(given: readonly ThreadEvent[]): void {
    const events = withUnsaved(given, this.#summary.turnId);
    for (const event of events) {
      this.#summary = reduceTurn(this.#summary, event);
      this.#reporter.accept(event);
      this.#thread.shared.noteEvent(event);
      if (event.type === "turn.started" || event.type === "turn.completed") this.#running.resolve(undefined);
    }
    this.#participants.push(events);
  }

  #end(stop: Stop): void {
    this.#stop ??= stop;
    this.#halt.abort();
    this.#participants.stopWaiting();
    void this.#connection?.close();
  }

  #finish(cause: CodexError | null): void {
    const stop = this.#stop;
    const error = this.#summary.status !== "inProgress" && stop === null ? null : cause;
    this.#reporter.ended({ result: this.toResult(performance.now() - this.#beganAt), error, stop });
    this.#running.resolve(undefined);
    this.#done.resolve({ error, stop });
    this.#participants.end({ error, stop });
  }
}

/** The participant that starts the turn. */
export interface FirstParticipant extends Participant {
  /** Called when the queue has admitted the turn. */
  admitted(): void;
}
