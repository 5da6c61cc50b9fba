import { OptionError } from "../errors/option-error.js";
import { AutoRun } from "./auto-run/auto-run.js";
import { AutoRunExecution } from "./auto-run/auto-run-execution.js";
import { type AutoRunSetup, toAutoRunPlan } from "./auto-run/auto-run-options.js";
import { type AutoRunState, createRunState, fromTurnSummaries } from "./auto-run/auto-run-state.js";
import type { AutoRunThread, RunStart } from "./auto-run/run-start.js";
import type { OutputOf, OutputSchema } from "./output/output-schema.js";
import type { Input } from "./turn/turn-input.js";

/** A thread with the output schema of turns that set none. */
export interface RunThread extends AutoRunThread {
  readonly outputSchema: OutputSchema | undefined;
}

/** The runs of one thread handle that have not ended, or the run in the state that the thread was resumed from. */
export class ThreadRuns {
  readonly #thread: RunThread;
  /** The runs that have begun and can continue, oldest first. */
  readonly #open = new Set<AutoRunExecution>();
  #saved: AutoRunState | null;

  constructor(thread: RunThread, saved: AutoRunState | null) {
    this.#thread = thread;
    this.#saved = saved;
  }

  /** The state of the last run that has not ended; null if there is none. */
  get state(): AutoRunState | null {
    return [...this.#open].at(-1)?.state ?? this.#saved;
  }

  start<S extends OutputSchema, C>(input: Input, options: AutoRunSetup<S, C>): AutoRun<OutputOf<S>> {
    const start = { state: createRunState(input), turns: [], live: null, resumed: false };
    return this.#create(options, start, () => undefined);
  }

  resume<S extends OutputSchema, C>(options: AutoRunSetup<S, C>): AutoRun<OutputOf<S>> {
    const last = [...this.#open].filter(({ left }) => left !== null).at(-1);
    const left = last?.left ?? null;
    if (last !== undefined && left !== null) {
      return this.#create(options, left, () => {
        if (!this.#open.delete(last)) throw continuedAlready();
      });
    }
    const state = this.#saved;
    if (state === null) throw noRun();
    const start = { state, turns: fromTurnSummaries(state.turns), live: null, resumed: true };
    return this.#create(options, start, () => {
      if (this.#saved !== state) throw continuedAlready();
    });
  }

  /** `claim` is called when the run begins. It throws if another run has taken the start. */
  #create<S extends OutputSchema, C>(
    options: AutoRunSetup<S, C>,
    start: Omit<RunStart, "onBegin">,
    claim: () => void,
  ): AutoRun<OutputOf<S>> {
    const { outputSchema } = this.#thread;
    const plan = toAutoRunPlan<S, C>(options, outputSchema);
    const onBegin = (): void => {
      claim();
      this.#add(execution);
    };
    const execution = new AutoRunExecution(this.#thread, plan, { ...start, onBegin });
    return new AutoRun(execution);
  }

  #add(execution: AutoRunExecution): void {
    this.#saved = null;
    this.#open.add(execution);
    void execution.done.then(({ stop }) => {
      // A run that was left is continued here, and a run whose thread was closed in another handle.
      if (execution.left === null && stop?.kind !== "closed") this.#open.delete(execution);
    });
  }
}

function noRun(): OptionError {
  const message =
    "There is no run to continue: no run was left, and the thread was not resumed from the state of a run.";
  return new OptionError("INVALID_STATE", "run", message);
}

function continuedAlready(): OptionError {
  return new OptionError(
    "INVALID_STATE",
    "run",
    "Another call has continued this run already, or started another one.",
  );
}
