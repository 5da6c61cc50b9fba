import { withoutUndefined } from "../internal/without-undefined.js";
import { OptionError } from "../errors/option-error.js";
import type { AutoRun } from "./auto-run/auto-run.js";
import type { AutoRunState } from "./auto-run/auto-run-state.js";
import type { AutoRunThread } from "./auto-run/auto-run-thread.js";
import { type AutoRunSetup, continueAutoRun, createAutoRun, resumeAutoRun } from "./auto-run/create-auto-run.js";
import type { OutputOf, OutputSchema } from "./output-schema.js";
import type { Input } from "./turn-input.js";

/** A thread with the schema that its turns have where they bring none. */
export interface RunThread extends AutoRunThread {
  readonly outputSchema: OutputSchema | undefined;
}

/** The runs of one handle: the last one, which may have been left, or the one that the thread's state was saved in. */
export class ThreadRuns {
  readonly #thread: RunThread;
  #last: AutoRun<unknown> | null = null;
  #saved: AutoRunState | null;

  constructor(thread: RunThread, saved: AutoRunState | null) {
    this.#thread = thread;
    this.#saved = saved;
  }

  /** Where the last run stands, unless it has come to its end. */
  get state(): AutoRunState | null {
    return this.#last?.state ?? this.#saved;
  }

  start<S extends OutputSchema, C>(input: Input, options: AutoRunSetup<S, C>): AutoRun<OutputOf<S>> {
    return this.#note(createAutoRun(this.#thread, input, this.#withSchema(options)));
  }

  resume<S extends OutputSchema, C>(options: AutoRunSetup<S, C>): AutoRun<OutputOf<S>> {
    const last = this.#last;
    if (last?.left() != null) return this.#note(continueAutoRun(this.#thread, last, this.#withSchema(options)));
    if (this.#saved !== null) return this.#note(resumeAutoRun(this.#thread, this.#saved, this.#withSchema(options)));
    const message = "There is no run to go on with: none was left, and the thread was not resumed from a run's state.";
    throw new OptionError("INVALID_STATE", "run", message);
  }

  /** The thread's own schema is its run's: the answer of a turn before a restart is read by it, too. */
  #withSchema<S extends OutputSchema, C>(options: AutoRunSetup<S, C>): AutoRunSetup<S, C> {
    const { outputSchema } = this.#thread;
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- `S` is the thread's own where the options have none
    return outputSchema === undefined ? options : { outputSchema: outputSchema as S, ...withoutUndefined(options) };
  }

  #note<R extends AutoRun<unknown>>(run: R): R {
    this.#last = run;
    this.#saved = null;
    // A run that was left can be gone on with; any other is over.
    void run.ended.then(() => {
      if (this.#last === run && run.left() === null) this.#last = null;
    });
    return run;
  }
}
