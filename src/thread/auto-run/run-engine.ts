import { AbortedError } from "../../errors/aborted-error.js";
import { CodexError } from "../../errors/codex-error.js";
import { createDeferred } from "../../internal/deferred.js";
import { onAbort } from "../../internal/on-abort.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { toCodexError } from "../turn/turn-errors.js";
import { attachRunResult, MaxTurnsError } from "./auto-run-errors.js";
import type { RunPlan } from "./auto-run-options.js";
import type { AutoRunResult } from "./auto-run-result.js";
import { createRunState } from "./auto-run-state.js";
import type { AutoRunThread } from "./auto-run-thread.js";
import type { CompletedTurn } from "./judge-turn.js";
import type { RunClock } from "./run-clock.js";
import { type CallHook, createHookCaller } from "./run-hooks.js";
import { RunLoop } from "./run-loop.js";
import type { GuardrailTold } from "./run-guardrails.js";
import { RunRecord } from "./run-record.js";
import { throwIfStopped } from "./run-scope.js";
import type { LeftRun, RunStart } from "./run-start.js";
import type { RunStop } from "./run-stop.js";

export interface RunEngineOptions {
  readonly thread: AutoRunThread;
  readonly start: RunStart;
  readonly plan: RunPlan;
  readonly clock: RunClock;
  /** Called when the run begins, before its first turn; what it throws ends the run. */
  readonly onBegin: () => void;
  readonly emit: (event: ThreadEvent) => void;
  /** Waited for before more is read. */
  readonly ready: () => Promise<void>;
  /** Told when the run is to end: nothing must hold it up any more. */
  readonly onHalt: () => void;
}

export interface RunOutcome {
  readonly result: AutoRunResult;
  readonly error: CodexError | null;
  readonly stop: RunStop | null;
}

/** Takes a run from its beginning to its end, whoever reads along. Nothing happens before `begin()`. */
export class RunEngine {
  readonly #options: RunEngineOptions;
  readonly #record: RunRecord;
  readonly #loop: RunLoop;
  readonly #call: CallHook;
  readonly #done = createDeferred<RunOutcome>();
  readonly #halt = new AbortController();
  /** Fires where a run that ends already is to end: it waits for nothing more. */
  readonly #hurry = new AbortController();
  /** Errors that `onError` was told of. */
  readonly #toldErrors = new WeakSet<CodexError>();
  #begun = false;
  #over = false;
  #stop: RunStop | null = null;

  constructor(options: RunEngineOptions) {
    this.#options = options;
    const { thread, start, plan, emit } = options;
    const state = start.kind === "input" ? createRunState(start.input) : start.state;
    const before = state.turns.map((turn) => ({ ...turn, items: [], unfinishedItems: [] }));
    const turns = start.kind === "left" ? start.turns : before;
    this.#record = new RunRecord({ thread, state, turns, checkpoint: plan.checkpoint });
    const callHook = createHookCaller(plan.hooks, plan.context, (message) => {
      if (!this.#over)
        emit({ type: "codexkit.warning", threadId: thread.id, turnId: null, code: "HOOK_FAILED", message });
    });
    this.#call = (name, call) => {
      if ("error" in call && call.error !== null && name === "onError") this.#toldErrors.add(call.error);
      callHook(name, call);
    };
    this.#loop = new RunLoop(this.#createScope());
  }

  get record(): RunRecord {
    return this.#record;
  }

  /** Resolves when the run has ended. It never rejects. */
  get done(): Promise<RunOutcome> {
    return this.#done.promise;
  }

  begin(): void {
    if (this.#begun) return;
    this.#begun = true;
    void this.#run();
  }

  /** Ends the run and waits until it has ended. */
  async stop(stop: RunStop): Promise<void> {
    this.#endedBy(stop);
    this.begin();
    await this.done;
  }

  /** The run as it was left, to go on with; null for one that was not. */
  left(): LeftRun | null {
    const { live } = this.#loop;
    if (live === null || !this.#over || this.#stop?.kind !== "approval") return null;
    const { state, turns } = this.#record;
    return { kind: "left", state, live, turns };
  }

  #createScope() {
    const { thread, plan, clock, emit, ready } = this.#options;
    const stop = (): RunStop | null => this.#stop;
    return {
      thread,
      plan,
      clock,
      record: this.#record,
      signal: this.#halt.signal,
      get stop() {
        return stop();
      },
      call: this.#call,
      emit,
      ready,
      halt: (reason: RunStop) => this.#halted(reason),
      guarded: (told: GuardrailTold) => {
        emit({ type: "codexkit.run.guardrail", threadId: thread.id, turnId: null, ...told });
        this.#call("onGuardrail", told);
      },
    };
  }

  /** Somebody else than the run ends it. */
  #endedBy(stop: RunStop): void {
    if (this.#stop !== null) this.#hurry.abort();
    this.#halted(stop);
  }

  #halted(stop: RunStop): void {
    if (this.#over || this.#stop !== null) return;
    this.#stop = stop;
    this.#halt.abort();
    this.#options.onHalt();
    this.#loop.live?.endBy(stop);
  }

  async #run(): Promise<void> {
    const { thread, plan } = this.#options;
    const forget = [
      listen(plan.signal, (reason) => this.#endedBy({ kind: "abort", reason })),
      listen(thread.closed ?? null, (reason) => this.#endedBy({ kind: "closed", reason })),
    ];
    const end = await this.#drive().catch((cause: unknown) => ({ cause }));
    const outcome = await this.#conclude(end);
    for (const stopListening of forget) stopListening();
    this.#tellEnd(outcome);
    this.#over = true;
    this.#halt.abort();
    this.#done.resolve(outcome);
  }

  async #drive(): Promise<CompletedTurn> {
    const { thread, start, plan, emit, onBegin } = this.#options;
    const resumed = start.kind !== "input";
    const { id: threadId } = thread;
    emit({ type: "codexkit.run.started", threadId, turnId: null, maxTurns: plan.maxTurns, resumed });
    this.#call("onRunStart", { input: this.#record.state.input, threadId, resumed });
    throwIfStopped({ stop: this.#stop });
    onBegin();
    return this.#loop.run(start);
  }

  async #conclude(end: CompletedTurn | { readonly cause: unknown }): Promise<RunOutcome> {
    const stop = this.#stop;
    try {
      const result = await this.#resultOf(end, stop);
      return { result, error: null, stop };
    } catch (cause) {
      const error = toCodexError(cause);
      const result = error instanceof MaxTurnsError ? error.result : this.#record.resultOf("failed");
      attachRunResult(error, result);
      return { result, error, stop };
    }
  }

  async #resultOf(end: CompletedTurn | { readonly cause: unknown }, stop: RunStop | null): Promise<AutoRunResult> {
    const record = this.#record;
    const cause = "cause" in end ? end.cause : undefined;
    switch (stop?.kind) {
      case "interrupt":
      case "break":
        return record.resultOf("interrupted");
      case "guardrail":
        return record.resultOf("guardrail", { guardrail: stop.trip });
      case "approval": {
        const interruptions = this.#options.thread.deferredApprovals?.list() ?? [];
        await this.#saveLeft();
        return record.resultOf("approval", { interruptions });
      }
      case "abort":
        throw CodexError.isInstance(cause) && cause.code === "ABORTED" && cause.cause === stop.reason
          ? cause
          : new AbortedError(stop.reason, { threadId: this.#options.thread.id });
      case "closed":
        throw CodexError.isInstance(cause) && cause.code === "CLIENT_CLOSED" ? cause : stop.reason;
      case "failed":
        throw stop.error;
      case undefined:
        break;
    }
    if ("cause" in end) throw end.cause;
    const { turn, output } = end;
    return record.resultOf("completed", { finalResponse: turn.finalResponse, output });
  }

  /** What cannot be saved is not left: nobody would know of the turn that waits. */
  async #saveLeft(): Promise<void> {
    const { signal } = this.#hurry;
    try {
      await this.#record.save(signal);
    } catch (cause) {
      if (signal.aborted) return;
      const stop: RunStop = { kind: "failed", error: toCodexError(cause) };
      this.#stop = stop;
      this.#loop.live?.endBy(stop);
      throw stop.error;
    }
  }

  #tellEnd({ result, error, stop }: RunOutcome): void {
    const { thread, emit } = this.#options;
    if (error !== null && !this.#toldErrors.has(error)) this.#call("onError", { error });
    this.#call("onRunEnd", { result, error });
    if (stop?.kind === "abort" || stop?.kind === "closed") return;
    const turns = new Set(this.#record.turns.map(({ turn }) => turn)).size;
    const { stopReason } = result;
    const code = error?.code ?? null;
    emit({ type: "codexkit.run.completed", threadId: thread.id, turnId: null, stopReason, code, turns });
  }
}

function listen(signal: AbortSignal | null, listener: (reason: unknown) => void): () => void {
  return signal === null ? () => undefined : onAbort(signal, () => listener(signal.reason));
}
