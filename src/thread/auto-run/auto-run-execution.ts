import { setTimeout as delay } from "node:timers/promises";
import type { Interruption } from "../../approvals/interruptions.js";
import type { CodexError } from "../../errors/codex-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { onAbort } from "../../internal/abort/on-abort.js";
import { EventStream } from "../stream/event-stream.js";
import { toCodexError } from "../turn/turn-errors.js";
import { MaxTurnsError } from "./auto-run-errors.js";
import type { AutoRunPlan } from "./auto-run-options.js";
import { AutoRunRecord } from "./auto-run-record.js";
import type { RunOutcome, RunStop } from "./auto-run-result.js";
import type { AutoRunState } from "./auto-run-state.js";
import { type CompletedTurn, judgeTurn, restoreCompletedTurn, resumedInput } from "./judge-turn.js";
import { LiveTurn, type SettledTurn, watchDeferred } from "./live-turn.js";
import { decideRetry } from "./retry-policy.js";
import { checkGuardrails, type InputGuardrail } from "./run-guardrails.js";
import { hasWorked, readCompletedTurn } from "./own-turn.js";
import { RunReporter } from "./run-hooks.js";
import type { AutoRunThread, RunStart } from "./run-start.js";

/** The life of a run: its turns, one after the other, from `begin()` to its end. It holds its thread. */
export class AutoRunExecution {
  readonly stream = new EventStream(this);
  readonly #thread: AutoRunThread;
  readonly #plan: AutoRunPlan;
  readonly #start: RunStart;
  readonly #record: AutoRunRecord;
  readonly #reporter: RunReporter;
  readonly #done = createDeferred<RunOutcome>();
  /** Aborted when the run must end. It wakes everything that the run waits for. */
  readonly #halt = new AbortController();
  /** Aborted when a run that is ending gets a second reason to end: it no longer waits for its last checkpoint. */
  readonly #hurry = new AbortController();
  #status: "idle" | "running" | "ended" = "idle";
  #stop: RunStop | null = null;
  /** The running turn, or the turn that was left. */
  #live: LiveTurn | null = null;
  /** The checks of the parallel input guardrails. It never rejects. */
  #parallelChecks: Promise<void> | null = null;

  /** Throws an `OptionError` for an invalid input or an invalid option of the turns. */
  constructor(thread: AutoRunThread, plan: AutoRunPlan, start: RunStart) {
    const { input } = start.state;
    // A turn is cold: opening one only checks its input and options.
    thread.openTurn(start.resumed ? resumedInput(input) : input, plan.turn, 1);
    this.#thread = thread;
    this.#plan = plan;
    this.#start = start;
    this.#record = new AutoRunRecord(thread, start, plan.checkpoint);
    this.#reporter = new RunReporter(thread, this.stream, { ...plan, warnings: this.#record.warnings });
  }

  get state(): AutoRunState {
    return this.#record.state;
  }

  /** Resolves when the run has ended. It never rejects. */
  get done(): Promise<RunOutcome> {
    return this.#done.promise;
  }

  /** The start of a run that continues this one after it was left for an approval; null if it was not left. */
  get left(): Omit<RunStart, "onBegin"> | null {
    const live = this.#live;
    if (live === null || this.#status !== "ended" || this.#stop?.kind !== "approval") return null;
    return { resumed: true, live, state: this.#record.state, turns: this.#record.turns };
  }

  begin(): void {
    if (this.#status !== "idle") return;
    this.#status = "running";
    void this.#run();
  }

  /** Ends the run and waits for its end. A run that has not begun ends without a turn. */
  async stop(stop: RunStop): Promise<void> {
    this.#end(stop);
    this.begin();
    await this.done;
  }

  async stopReading(): Promise<void> {
    await this.stop({ kind: "break" });
  }

  /** Ends the run for a reason from outside. */
  #end(stop: RunStop): void {
    if (this.#stop !== null) this.#hurry.abort();
    this.#haltFor(stop);
  }

  /** Only the first reason counts. */
  #haltFor(stop: RunStop): void {
    if (this.#status === "ended" || this.#stop !== null) return;
    this.#stop = stop;
    this.#halt.abort();
    this.stream.stopWaiting();
    this.#live?.stopFor(stop);
  }

  #fail(error: unknown): void {
    this.#haltFor({ kind: "failed", error: toCodexError(error) });
  }

  #throwIfStopped(): void {
    if (this.#stop !== null) throw new Error("The run was stopped.");
  }

  async #run(): Promise<void> {
    const { signal } = this.#plan;
    const { closed } = this.#thread;
    const unsubscribe = [
      signal === null ? null : onAbort(signal, () => this.#end({ kind: "abort", reason: signal.reason })),
      onAbort(closed, () => this.#end({ kind: "closed", reason: closed.reason })),
    ];
    const end = await this.#takeTurns().catch((cause: unknown) => ({ cause }));
    const interruptions = this.#stop?.kind === "approval" ? await this.#leaveTurn() : [];
    const outcome = this.#record.outcomeOf(end, this.#stop, interruptions);
    for (const stopListening of unsubscribe) stopListening?.();
    this.#reporter.runEnded(outcome);
    this.#status = "ended";
    this.#halt.abort();
    this.#done.resolve(outcome);
  }

  /** Returns the turn that completed the run. Rejects with the error that ended it, or with any error if it was stopped. */
  async #takeTurns(): Promise<CompletedTurn> {
    const plan = this.#plan;
    const record = this.#record;
    this.#reporter.runStarted(record.state.input, { maxTurns: plan.maxTurns, resumed: this.#start.resumed });
    this.#throwIfStopped();
    this.#start.onBegin();
    let completed = await this.#resumeTurn();
    let cause: unknown;
    for (;;) {
      completed ??= await this.#completeTurn(cause);
      const call = { plan, repairs: record.state.repairs, signal: this.#halt.signal, reporter: this.#reporter };
      const next = await judgeTurn(completed, call);
      this.#throwIfStopped();
      if (next === null) return completed;
      completed = null;
      cause = next.cause ?? undefined;
      record.nextTurn(next.input, next.reason);
    }
  }

  /** Continues at the phase of the state. Returns the turn if it has ended already. */
  async #resumeTurn(): Promise<CompletedTurn | null> {
    const record = this.#record;
    const { phase, inputChecked } = record.state;
    const { live } = this.#start;
    if (live !== null) {
      // The guardrails that had no verdict when the run was left.
      if (!inputChecked) this.#startParallelChecks();
      return this.#settle(live, await this.#follow(live));
    }
    if (!inputChecked) await this.#checkInput();
    const last = record.turns.at(-1);
    if (phase === "afterTurn" && last !== undefined) {
      await this.#finishParallelChecks();
      return restoreCompletedTurn(last, this.#plan);
    }
    if (phase !== "inTurn") return null;
    const stored = await readCompletedTurn(this.#thread, record.state, this.#halt.signal);
    if (stored === null) {
      record.turnLost();
      return null;
    }
    record.turnEnded(stored);
    await this.#completed();
    return restoreCompletedTurn(stored, this.#plan);
  }

  async #checkInput(): Promise<void> {
    await this.#runChecks(this.#plan.blocking);
    this.#throwIfStopped();
    this.#startParallelChecks();
  }

  #startParallelChecks(): void {
    const { parallel } = this.#plan;
    if (parallel.length === 0) return this.#record.inputPassed();
    this.#parallelChecks = this.#runChecks(parallel).catch((error: unknown) => this.#fail(error));
  }

  async #runChecks(guardrails: readonly InputGuardrail[]): Promise<void> {
    const call = { input: this.#record.state.input, context: this.#plan.context, signal: this.#halt.signal };
    const trip = await checkGuardrails(guardrails, { stage: "input", call, reporter: this.#reporter });
    if (trip !== null) this.#haltFor({ kind: "guardrail", trip });
  }

  /** A turn is judged after the parallel guardrails have allowed the input. */
  async #finishParallelChecks(): Promise<void> {
    await this.#parallelChecks;
    this.#throwIfStopped();
    this.#record.inputPassed();
  }

  /** Runs one turn with its retries. */
  async #completeTurn(cause: unknown): Promise<CompletedTurn> {
    const { maxTurns } = this.#plan;
    const record = this.#record;
    for (;;) {
      if (record.state.turn > maxTurns) throw new MaxTurnsError(maxTurns, record.resultOf("failed"), { cause });
      const live = await this.#openTurn();
      const completed = await this.#settle(live, await this.#follow(live));
      if (completed !== null) return completed;
    }
  }

  async #openTurn(): Promise<LiveTurn> {
    const record = this.#record;
    record.turnOpened();
    await record.save(this.#halt.signal);
    this.#throwIfStopped();
    const { input: saved, reason, turn, attempt } = record.state;
    const input = reason === "resumed" ? resumedInput(saved) : saved;
    const live = new LiveTurn(this.#thread.openTurn(input, this.#plan.turn, attempt), { turn, attempt, reason });
    this.#reporter.turnStarted({ turn, attempt, reason, input });
    return live;
  }

  /** Reads the turn to its end. Rejects if the run leaves the turn. */
  async #follow(live: LiveTurn): Promise<SettledTurn> {
    const record = this.#record;
    this.#live = live;
    // A stop between the opening of the turn and this line did not reach the turn.
    if (this.#stop !== null) live.stopFor(this.#stop);
    const stopWatching = watchDeferred(this.#thread, () => this.#haltFor({ kind: "approval" }));
    try {
      for (;;) {
        await this.stream.caughtUp();
        const event = this.#stop?.kind === "approval" ? "left" : await live.next();
        if (event === "ended") break;
        if (event === "left") throw new Error("The run left the turn.");
        this.#reporter.turnEvent(live.hooks, event);
        // After a crash, the state must not contain a stored decision that was used.
        const usedDecision = event.type === "codexkit.approval.resolved" && event.by === "stored";
        if (record.due || usedDecision) record.save().catch((error: unknown) => this.#fail(error));
      }
    } finally {
      stopWatching();
    }
    this.#live = null;
    return live.settle();
  }

  /** Returns null if the turn is to be tried again, after the delay. */
  async #settle(live: LiveTurn, settled: SettledTurn): Promise<CompletedTurn | null> {
    const { turn, output, error, misfit } = settled;
    this.#record.turnEnded(turn);
    this.#reporter.turnEnded(live.hooks, turn, error);
    if (error !== null && misfit === null) {
      this.#reporter.failed(error);
      this.#throwIfStopped();
      await this.#retry(settled, error);
      return null;
    }
    if (turn.status === "interrupted") {
      this.#haltFor({ kind: "interrupt" });
      this.#throwIfStopped();
    }
    await this.#completed();
    return { turn, output, misfit };
  }

  async #completed(): Promise<void> {
    this.#record.turnCompleted();
    await this.#record.save(this.#halt.signal);
    await this.#finishParallelChecks();
  }

  /** Waits for the delay before the next try. Rejects with the error of the turn if there is no next try. */
  async #retry(settled: SettledTurn, error: CodexError): Promise<void> {
    const { turn, attempt } = settled.turn;
    const hadSideEffect = await hasWorked(this.#thread, settled, this.#record.state);
    const decision = decideRetry(this.#plan.retry, { ...settled, error, attempt, hadSideEffect });
    const { delayMs } = decision;
    this.#record.turnFailed({ turn, attempt, ...decision }, error, hadSideEffect);
    await this.#record.save(this.#halt.signal);
    if (delayMs === null) throw error;
    this.#reporter.retry({ turn, attempt, delayMs, error });
    await delay(delayMs, undefined, { signal: this.#halt.signal });
  }

  /** Saves the state and returns the approvals that wait. If the save fails, the turn is ended: no state contains it. */
  async #leaveTurn(): Promise<readonly Interruption[]> {
    const { signal } = this.#hurry;
    const interruptions = this.#thread.deferredApprovals.list();
    try {
      await this.#record.save(signal);
    } catch (cause) {
      if (signal.aborted) return interruptions;
      this.#stop = { kind: "failed", error: toCodexError(cause) };
      this.#live?.stopFor(this.#stop);
    }
    return interruptions;
  }
}
