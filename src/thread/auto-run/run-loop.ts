import type { CodexError } from "../../errors/codex-error.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { toCodexError } from "../turn/turn-errors.js";
import { MaxTurnsError } from "./auto-run-errors.js";
import { HookTracker } from "./run-hooks.js";
import { type CompletedTurn, judgeTurn, restoreCompleted, resumedInput } from "./judge-turn.js";
import { LiveTurn, settleTurn, type SettledTurn } from "./live-turn.js";
import { decideRetry } from "./retry-policy.js";
import { checkGuardrails, type Checking, type GuardrailTold, type InputCheck } from "./run-guardrails.js";
import { type RunScope, throwIfStopped } from "./run-scope.js";
import type { RunStart } from "./run-start.js";

/** The turns of one run, one after the other. */
export class RunLoop {
  readonly #scope: RunScope;
  /** The parallel input guardrails, while they check. It never rejects. */
  #checking: Promise<void> | null = null;
  #live: LiveTurn | null = null;

  constructor(scope: RunScope) {
    this.#scope = scope;
  }

  /** The turn that runs, or that was left. */
  get live(): LiveTurn | null {
    return this.#live;
  }

  /** Gives the turn that ended the run well; rejects with what ended it otherwise, and with anything where it was stopped. */
  async run(start: RunStart): Promise<CompletedTurn> {
    const { plan, record, signal, guarded } = this.#scope;
    let completed = await this.#firstTurn(start);
    let cause: unknown;
    for (;;) {
      completed ??= await this.#turnToItsEnd(cause);
      const { repairs, turn } = record.state;
      const next = await judgeTurn(completed, { plan, repairs, signal, tell: guarded });
      throwIfStopped(this.#scope);
      if (next === null) return completed;
      completed = null;
      cause = next.cause ?? undefined;
      const { input, reason } = next;
      const inARow = reason === "repair" ? repairs + 1 : 0;
      record.move({ phase: "beforeTurn", input, reason, turn: turn + 1, attempt: 1, repairs: inARow });
    }
  }

  /** The turn that a run goes on from, where it has ended or still lives. */
  async #firstTurn(start: RunStart): Promise<CompletedTurn | null> {
    const { plan, record } = this.#scope;
    const { phase, attempt, inputChecked, turns } = record.state;
    if (start.kind === "left") {
      // Those that had not answered when the run was left.
      if (!inputChecked) this.#checkBeside();
      return this.#settle(await this.#follow(start.live));
    }
    if (!inputChecked) await this.#checkInput();
    const last = turns.at(-1);
    if (phase === "afterTurn" && last !== undefined) {
      await this.#inputPassed();
      return restoreCompleted(last, plan);
    }
    if (phase === "inTurn") record.move({ reason: "resumed", attempt: attempt + 1 });
    return null;
  }

  async #checkInput(): Promise<void> {
    const blocking = this.#scope.plan.input.filter(({ mode }) => mode !== "parallel");
    this.#tripped(await checkGuardrails(blocking, this.#inputChecking()));
    throwIfStopped(this.#scope);
    this.#checkBeside();
  }

  #checkBeside(): void {
    const { plan, record, halt } = this.#scope;
    const parallel = plan.input.filter(({ mode }) => mode === "parallel");
    if (parallel.length === 0) return record.move({ inputChecked: true });
    const failed = (error: unknown): void => halt({ kind: "failed", error: toCodexError(error) });
    this.#checking = checkGuardrails(parallel, this.#inputChecking()).then((told) => this.#tripped(told), failed);
  }

  #inputChecking(): Checking<InputCheck> {
    const { plan, record, signal, guarded } = this.#scope;
    return {
      stage: "input",
      call: { input: record.state.input, context: plan.context, signal },
      signal,
      tell: guarded,
    };
  }

  #tripped(told: GuardrailTold | null): void {
    if (told === null) return;
    this.#scope.halt({ kind: "guardrail", trip: { name: told.name, message: told.message ?? "" } });
  }

  /** A turn is judged only once the guardrails beside it are done. */
  async #inputPassed(): Promise<void> {
    await this.#checking;
    this.#checking = null;
    throwIfStopped(this.#scope);
    this.#scope.record.move({ inputChecked: true });
  }

  /** One turn, with as many tries as it takes. */
  async #turnToItsEnd(cause: unknown): Promise<CompletedTurn> {
    const { plan, record } = this.#scope;
    for (;;) {
      if (record.state.turn > plan.maxTurns)
        throw new MaxTurnsError(plan.maxTurns, record.resultOf("failed"), { cause });
      const completed = await this.#settle(await this.#follow(await this.#open()));
      if (completed !== null) return completed;
    }
  }

  async #open(): Promise<LiveTurn> {
    const { thread, plan, record, signal, emit, call } = this.#scope;
    record.move({ phase: "inTurn" });
    await record.save(signal);
    throwIfStopped(this.#scope);
    const { input, reason, turn, attempt } = record.state;
    const sent = reason === "resumed" ? resumedInput(input) : input;
    const started = thread.openTurn(sent, plan.turn, attempt);
    emit({ type: "codexkit.run.turn", threadId: thread.id, turnId: null, turn, attempt, reason });
    call("onTurnStart", { turn, attempt, reason, input: sent });
    return new LiveTurn(started, new HookTracker({ turn, attempt }));
  }

  /** Reads the turn to its end. Rejects where it is left before that. */
  async #follow(live: LiveTurn): Promise<SettledTurn> {
    const { emit, call, ready, record, halt } = this.#scope;
    this.#live = live;
    // What stopped the run while the turn was made did not find it.
    const { stop } = this.#scope;
    if (stop !== null) live.endBy(stop);
    const stopWatching = this.#watchDeferred();
    try {
      for (;;) {
        await ready();
        const event = this.#scope.stop?.kind === "approval" ? "left" : await live.next();
        if (event === "over") break;
        if (event === "left") throw new Error("The turn was left.");
        if (event.type === "codexkit.tool.started") live.toolCalled = true;
        emit(event);
        live.tracker.heard(event, call);
        if (record.due || isStoredUse(event))
          record.save().catch((error: unknown) => halt({ kind: "failed", error: toCodexError(error) }));
      }
    } finally {
      stopWatching();
    }
    this.#live = null;
    return settleTurn(live, record.state).then((settled) => {
      live.tracker.ended(call);
      return settled;
    });
  }

  /** Leaves the run when all that its turn waits for is deferred. */
  #watchDeferred(): () => void {
    const { thread, halt } = this.#scope;
    let watching = true;
    const stopWatching = thread.deferredApprovals?.onWaiting(() => {
      // What led to it is told first.
      setImmediate(() => {
        if (watching && thread.deferredApprovals?.waiting === true) halt({ kind: "approval" });
      });
    });
    return () => {
      watching = false;
      stopWatching?.();
    };
  }

  /** Null where the turn is to be tried again, after the wait that it takes. */
  async #settle(settled: SettledTurn): Promise<CompletedTurn | null> {
    const { record, signal, call } = this.#scope;
    const { turn, output, error, misfit } = settled;
    record.add(turn);
    const place = { turn: turn.turn, attempt: turn.attempt };
    call("onTurnEnd", { ...place, result: turn, error });
    if (error !== null && misfit === null) {
      call("onError", { error });
      throwIfStopped(this.#scope);
      await this.#retry(settled, error);
      return null;
    }
    if (turn.status === "interrupted") {
      this.#scope.halt({ kind: "interrupt" });
      throwIfStopped(this.#scope);
    }
    record.move({ phase: "afterTurn" });
    await record.save(signal);
    await this.#inputPassed();
    return { turn, output, misfit };
  }

  /** Waits until the failed turn may be tried again; rejects with its error where it may not. */
  async #retry({ turn: { turn, attempt }, hadSideEffect }: SettledTurn, error: CodexError): Promise<void> {
    const { plan, record, clock, signal, emit, call, thread } = this.#scope;
    const now = clock.now();
    const decision = decideRetry(plan.retry, { error, attempt, now, random: clock.random });
    const delayMs = hadSideEffect ? null : decision.delayMs;
    const { code, message } = error;
    const failed = { turn, attempt, error: { code, message }, delayMs, retryAt: decision.retryAt };
    record.move({ attempts: [...record.state.attempts, failed] });
    if (!hadSideEffect) record.move({ phase: "beforeTurn", attempt: delayMs === null ? 1 : attempt + 1 });
    await record.save(signal);
    if (delayMs === null) throw error;
    emit({ type: "codexkit.run.retry", threadId: thread.id, turnId: null, turn, attempt, delayMs, code, message });
    call("onRetry", { turn, attempt, delayMs, error });
    await clock.sleep(delayMs, signal);
    throwIfStopped(this.#scope);
  }
}

/** A decision of before has been used up: after a crash it must not be there again. */
function isStoredUse(event: ThreadEvent): boolean {
  return event.type === "codexkit.approval.resolved" && event.by === "stored";
}
