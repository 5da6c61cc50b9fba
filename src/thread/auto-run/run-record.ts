import { untilAborted } from "../../internal/with-deadline.js";
import { RunCallbackError } from "./auto-run-errors.js";
import type { AutoRunCheckpoint } from "./auto-run-options.js";
import { type AutoRunResult, type AutoRunStopReason, type AutoRunTurn, toRunUsage } from "./auto-run-result.js";
import { type AutoRunState, toTurnSummaries } from "./auto-run-state.js";
import type { AutoRunThread } from "./auto-run-thread.js";

export interface RunRecordOptions {
  readonly thread: AutoRunThread;
  readonly state: AutoRunState;
  /** The turns done before, in full where they are known. */
  readonly turns: readonly AutoRunTurn[];
  readonly checkpoint: ((saved: AutoRunCheckpoint) => void | Promise<void>) | null;
}

/** What a run has done and where it stands. */
export class RunRecord {
  readonly #options: RunRecordOptions;
  readonly #turns: AutoRunTurn[];
  readonly #beganAt = performance.now();
  #state: AutoRunState;
  #saving: Promise<void> = Promise.resolve();
  #saved: boolean;

  constructor(options: RunRecordOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#turns = [...options.turns];
    this.#saved = options.checkpoint === null;
  }

  get state(): AutoRunState {
    return this.#state;
  }

  get turns(): readonly AutoRunTurn[] {
    return this.#turns;
  }

  /** Something is to be saved for the first time, and the thread has an id by now. */
  get due(): boolean {
    return !this.#saved && this.#options.thread.id !== null;
  }

  move(changes: Partial<AutoRunState>): void {
    this.#state = { ...this.#state, ...changes };
  }

  add(turn: AutoRunTurn): void {
    this.#turns.push(turn);
    this.move({ turns: toTurnSummaries(this.#turns) });
  }

  /** Has the state saved as it is now, after what is being saved. Rejects with a `RunCallbackError`. */
  async save(signal?: AbortSignal): Promise<void> {
    const { checkpoint, thread } = this.#options;
    const state = checkpoint === null ? null : thread.toState();
    if (checkpoint === null || state === null) return;
    this.#saved = true;
    const saved = { ...state, run: this.#state };
    this.#saving = this.#saving.then(() => keep(checkpoint, saved));
    this.#saving.catch(() => undefined);
    await untilAborted(this.#saving, signal);
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
      threadId: this.#options.thread.id,
      durationMs: performance.now() - this.#beganAt,
      ...more,
    };
  }
}

async function keep(
  checkpoint: (saved: AutoRunCheckpoint) => void | Promise<void>,
  saved: AutoRunCheckpoint,
): Promise<void> {
  try {
    await checkpoint(saved);
  } catch (cause) {
    throw new RunCallbackError("checkpoint", "threw", { cause });
  }
}
