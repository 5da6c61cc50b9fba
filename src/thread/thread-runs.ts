import { OptionError } from "../errors/option-error.js";
import { withoutUndefined } from "../internal/without-undefined.js";
import type { AutoRun } from "./auto-run/auto-run.js";
import type { AutoRunState } from "./auto-run/auto-run-state.js";
import type { AutoRunThread } from "./auto-run/auto-run-thread.js";
import { type AutoRunSetup, createAutoRun } from "./auto-run/create-auto-run.js";
import type { OutputOf, OutputSchema } from "./output/output-schema.js";
import type { Input } from "./turn/turn-input.js";

/** A thread with the schema that its turns have where they bring none. */
export interface RunThread extends AutoRunThread {
  readonly outputSchema: OutputSchema | undefined;
}

/** The runs of one handle: those that run or were left, or the one that the thread's state was saved in. */
export class ThreadRuns {
  readonly #thread: RunThread;
  /** Those that have begun and not come to their end, the last one last. */
  readonly #open = new Set<AutoRun<unknown>>();
  #saved: AutoRunState | null;

  constructor(thread: RunThread, saved: AutoRunState | null) {
    this.#thread = thread;
    this.#saved = saved;
  }

  /** Where the last run stands, unless it has come to its end. */
  get state(): AutoRunState | null {
    return [...this.#open].at(-1)?.state ?? this.#saved;
  }

  start<S extends OutputSchema, C>(input: Input, options: AutoRunSetup<S, C>): AutoRun<OutputOf<S>> {
    const onBegin = (run: AutoRun<unknown>): void => this.#begun(run);
    return createAutoRun({ thread: this.#thread, start: { kind: "input", input }, onBegin }, this.#withSchema(options));
  }

  resume<S extends OutputSchema, C>(options: AutoRunSetup<S, C>): AutoRun<OutputOf<S>> {
    const thread = this.#thread;
    const last = [...this.#open].filter((run) => run.left() !== null).at(-1);
    const start = last?.left() ?? null;
    if (last !== undefined && start !== null) {
      const onBegin = (run: AutoRun<unknown>): void => {
        if (!this.#open.delete(last)) throw goneOn();
        this.#begun(run);
      };
      return createAutoRun({ thread, start, onBegin }, this.#withSchema(options));
    }
    const state = this.#saved;
    if (state === null) throw noRun();
    const onBegin = (run: AutoRun<unknown>): void => {
      if (this.#saved !== state) throw goneOn();
      this.#begun(run);
    };
    return createAutoRun({ thread, start: { kind: "state", state }, onBegin }, this.#withSchema(options));
  }

  /** The thread's own schema is its run's: the answer of a turn before a restart is read by it, too. */
  #withSchema<S extends OutputSchema, C>(options: AutoRunSetup<S, C>): AutoRunSetup<S, C> {
    const { outputSchema } = this.#thread;
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- `S` is the thread's own where the options have none
    return outputSchema === undefined ? options : { outputSchema: outputSchema as S, ...withoutUndefined(options) };
  }

  #begun(run: AutoRun<unknown>): void {
    this.#saved = null;
    this.#open.add(run);
    void run.ended.then(({ stop }) => {
      // One that was left is gone on with; one whose thread was closed is gone on with elsewhere. Any other is over.
      if (run.left() === null && stop?.kind !== "closed") this.#open.delete(run);
    });
  }
}

function noRun(): OptionError {
  const message = "There is no run to go on with: none was left, and the thread was not resumed from a run's state.";
  return new OptionError("INVALID_STATE", "run", message);
}

function goneOn(): OptionError {
  return new OptionError("INVALID_STATE", "run", "Somebody has gone on with this run, or begun another one, already.");
}
