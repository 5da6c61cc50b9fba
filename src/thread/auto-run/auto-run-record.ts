import type { Interruption } from "../../approvals/interruptions.js";
import { AbortedError } from "../../errors/aborted-error.js";
import { boundText } from "../../errors/bound-text.js";
import { CodexError } from "../../errors/codex-error.js";
import { untilAborted } from "../../internal/time/with-deadline.js";
import type { AutoRunReason, TokenUsage } from "../../protocol/index.js";
import type { ThreadState } from "../thread-state.js";
import type { Input } from "../turn/turn-input.js";
import { toCodexError } from "../turn/turn-errors.js";
import { addUsage } from "../turn/turn-usage.js";
import { attachRunResult, callbackThrew, MaxTurnsError } from "./auto-run-errors.js";
import type { AutoRunCheckpoint, AutoRunPlan } from "./auto-run-options.js";
import type {
  AutoRunAttempt,
  AutoRunResult,
  AutoRunStopReason,
  AutoRunTurn,
  AutoRunUsage,
  RunOutcome,
  RunStop,
} from "./auto-run-result.js";
import { type AutoRunState, maxSavedText, toTurnSummaries } from "./auto-run-state.js";
import type { CompletedTurn } from "./judge-turn.js";
import type { TurnWarning } from "../turn/turn-warnings.js";

/** The thread as the record uses it. */
export interface RecordedThread {
  readonly id: string | null;
  /** Returns the thread as plain data; null while it has no id. */
  toState(): ThreadState | null;
}

/** The progress that a run starts with. */
export interface RunProgress {
  readonly state: AutoRunState;
  /** The earlier turns, with their items if they are known. */
  readonly turns: readonly AutoRunTurn[];
}

/** The way in which the turns of a run ended. */
export type RunEnd = CompletedTurn | { readonly cause: unknown };

/** The progress of a run: its turns and its state, from which it makes checkpoints and the result. */
export class AutoRunRecord {
  readonly #thread: RecordedThread;
  readonly #checkpoint: AutoRunPlan["checkpoint"];
  readonly #turns: AutoRunTurn[];
  /** The warnings of the turns and of the hooks. The result has this list itself, for a hook that fails after its making. */
  readonly warnings: TurnWarning[];
  readonly #beganAt = performance.now();
  #state: AutoRunState;
  #saving: Promise<void> = Promise.resolve();
  #saved = false;

  constructor(thread: RecordedThread, { state, turns }: RunProgress, checkpoint: AutoRunPlan["checkpoint"]) {
    this.#thread = thread;
    this.#state = state;
    this.#turns = [...turns];
    this.warnings = turns.flatMap(({ warnings }) => warnings);
    this.#checkpoint = checkpoint;
  }

  get state(): AutoRunState {
    return this.#state;
  }

  /** Every try of every turn, in order. */
  get turns(): readonly AutoRunTurn[] {
    return this.#turns;
  }

  /** Whether the first checkpoint is due: it was skipped while the thread had no id, and the thread has one now. */
  get due(): boolean {
    return this.#checkpoint !== null && !this.#saved && this.#thread.id !== null;
  }

  inputPassed(): void {
    this.#move({ inputChecked: true });
  }

  turnOpened(): void {
    this.#move({ phase: "inTurn", openedAt: Date.now() });
  }

  /** The turn was cut off: another try of it follows. */
  turnLost(): void {
    this.#move({ reason: "resumed", attempt: this.#state.attempt + 1 });
  }

  turnEnded(turn: AutoRunTurn): void {
    this.warnings.push(...turn.warnings);
    this.#turns.push(turn);
    this.#move({ turns: toTurnSummaries(this.#turns) });
  }

  turnCompleted(): void {
    this.#move({ phase: "afterTurn" });
  }

  /** After a side effect the phase stays `inTurn`: a resumed run must not send the turn again unchanged. */
  turnFailed(failed: Omit<AutoRunAttempt, "error">, { code, message }: CodexError, hadSideEffect: boolean): void {
    const error = { code, message: boundText(message, maxSavedText) };
    this.#move({ attempts: [...this.#state.attempts, { ...failed, error }] });
    if (!hadSideEffect) this.#move({ phase: "beforeTurn", attempt: failed.delayMs === null ? 1 : failed.attempt + 1 });
  }

  nextTurn(input: Input, reason: AutoRunReason): void {
    const { turn, repairs } = this.#state;
    const inARow = reason === "repair" ? repairs + 1 : 0;
    this.#move({ phase: "beforeTurn", input, reason, turn: turn + 1, attempt: 1, repairs: inARow });
  }

  /**
   * Calls `checkpoint` with the present state, after the calls before it have settled. Does nothing while the thread has
   * no id. Rejects with a `RunCallbackError`, and with an `AbortedError` when the signal fires first.
   */
  async save(signal?: AbortSignal): Promise<void> {
    const checkpoint = this.#checkpoint;
    const state = checkpoint === null ? null : this.#thread.toState();
    if (checkpoint === null || state === null) return;
    this.#saved = true;
    const saved = { ...state, run: this.#state };
    this.#saving = this.#saving.then(() => callCheckpoint(checkpoint, saved));
    this.#saving.catch(() => undefined);
    await untilAborted(this.#saving, signal);
  }

  /** Returns the outcome of the run. A stop decides over the way in which the turns ended. */
  outcomeOf(end: RunEnd, stop: RunStop | null, interruptions: readonly Interruption[]): RunOutcome {
    try {
      return { result: { ...this.#toResult(end, stop), interruptions }, error: null, stop };
    } catch (cause) {
      const error = toCodexError(cause);
      const result = error instanceof MaxTurnsError ? error.result : this.resultOf("failed");
      attachRunResult(error, result);
      return { result, error, stop };
    }
  }

  #toResult(end: RunEnd, stop: RunStop | null): AutoRunResult {
    const cause = "cause" in end ? end.cause : undefined;
    switch (stop?.kind) {
      case "interrupt":
      case "break":
        return this.resultOf("interrupted");
      case "guardrail":
        return this.resultOf("guardrail", { guardrail: stop.trip });
      case "approval":
        return this.resultOf("approval");
      case "abort":
        throw CodexError.isInstance(cause) && cause.code === "ABORTED" && cause.cause === stop.reason
          ? cause
          : new AbortedError(stop.reason, { threadId: this.#thread.id });
      case "closed":
        throw CodexError.isInstance(cause) && cause.code === "CLIENT_CLOSED" ? cause : stop.reason;
      case "failed":
        throw stop.error;
      case undefined:
        break;
    }
    if ("cause" in end) throw end.cause;
    const { turn, output } = end;
    return this.resultOf("completed", { finalResponse: turn.finalResponse, output });
  }

  resultOf(stopReason: AutoRunStopReason, more: Partial<AutoRunResult> = {}): AutoRunResult {
    const turns = [...this.#turns];
    return {
      stopReason,
      finalResponse: null,
      output: undefined,
      turns,
      items: turns.flatMap(({ items }) => items),
      usage: toRunUsage(turns),
      attempts: this.#state.attempts,
      guardrail: null,
      interruptions: [],
      threadId: this.#thread.id,
      warnings: this.warnings,
      durationMs: Math.round(performance.now() - this.#beganAt),
      ...more,
    };
  }

  #move(changes: Partial<AutoRunState>): void {
    this.#state = { ...this.#state, ...changes };
  }
}

async function callCheckpoint(
  checkpoint: NonNullable<AutoRunPlan["checkpoint"]>,
  saved: AutoRunCheckpoint,
): Promise<void> {
  try {
    await checkpoint(saved);
  } catch (cause) {
    throw callbackThrew("checkpoint", cause);
  }
}

/** Adds the usage of all turns; the thread's usage and the context are those of the last turn that reports them. */
function toRunUsage(turns: readonly AutoRunTurn[]): AutoRunUsage {
  const counted = turns.filter(hasUsage).map(({ usage }) => usage.turn);
  const known = counted.filter((usage) => usage !== undefined);
  const thread = turns.flatMap(({ usage }) => usage.thread ?? []).at(-1);
  const context = turns.flatMap(({ usage }) => usage.context ?? []).at(-1);
  const run = known.length < counted.length ? null : sumOf(known);
  const agents = sumOf(turns.flatMap(({ usage }) => usage.agents ?? []));
  return {
    ...(run === null ? {} : { run }),
    ...(agents === null ? {} : { agents }),
    ...(run === null || agents === null ? {} : { total: addUsage(run, agents) }),
    ...(thread === undefined ? {} : { thread }),
    ...(context === undefined ? {} : { context }),
  };
}

/** Returns null for no usage. */
function sumOf([first, ...others]: readonly TokenUsage[]): TokenUsage | null {
  return first === undefined ? null : others.reduce(addUsage, first);
}

/** On app-server a turn without a report has used nothing. On exec such a turn has an unknown usage if it has items. */
function hasUsage({ usage, turnId, items }: AutoRunTurn): boolean {
  return usage.turn !== undefined || usage.thread !== undefined || (turnId === null && items.length > 0);
}
