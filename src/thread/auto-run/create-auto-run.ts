import type { OutputOf, OutputSchema } from "../output/output-schema.js";
import { AutoRun } from "./auto-run.js";
import { type AutoRunOptions, toRunPlan } from "./auto-run-options.js";
import type { AutoRunThread } from "./auto-run-thread.js";
import { type RunClock, runClock } from "./run-clock.js";
import type { RunStart } from "./run-start.js";
import { resumedInput } from "./judge-turn.js";

/** Options with the schema that the turns' output has. */
export type AutoRunSetup<S extends OutputSchema, C> = AutoRunOptions<OutputOf<S>, C> & {
  readonly outputSchema?: S | undefined;
};

/** What a run is made of besides the caller's options. */
export interface AutoRunMaking {
  readonly thread: AutoRunThread;
  readonly start: RunStart;
  /** Called with the run when it begins, before its first turn; what it throws ends the run. */
  readonly onBegin?: ((run: AutoRun<unknown>) => void) | undefined;
  /** Default: the real one. */
  readonly clock?: RunClock | undefined;
}

/** A cold run. Throws an `OptionError` for an input or an option that cannot be used. */
export function createAutoRun<S extends OutputSchema = never, C = unknown>(
  { thread, start, onBegin, clock = runClock }: AutoRunMaking,
  options: AutoRunSetup<S, C>,
): AutoRun<OutputOf<S>> {
  const plan = toRunPlan<OutputOf<S>, C>(options);
  const input = start.kind === "input" ? start.input : resumedInput(start.state.input);
  // A turn is cold: this only checks what it would be given.
  thread.openTurn(input, plan.turn, 1);
  const run: AutoRun<OutputOf<S>> = new AutoRun<OutputOf<S>>({
    thread,
    start,
    plan,
    clock,
    onBegin: () => onBegin?.(run),
  });
  return run;
}
