import { OptionError } from "../../errors/option-error.js";
import type { OutputOf, OutputSchema } from "../output-schema.js";
import type { Input } from "../turn-input.js";
import { AutoRun } from "./auto-run.js";
import { type AutoRunOptions, toRunPlan } from "./auto-run-options.js";
import { type AutoRunState, checkAutoRunState } from "./auto-run-state.js";
import type { AutoRunThread } from "./auto-run-thread.js";
import { type RunClock, runClock } from "./run-clock.js";
import type { RunStart } from "./run-start.js";
import { resumedInput } from "./turn-texts.js";

/** Options with the schema that the turns' output has. */
export type AutoRunSetup<S extends OutputSchema, C> = AutoRunOptions<OutputOf<S>, C> & {
  readonly outputSchema?: S | undefined;
};

/** A run that begins with the input. Throws an `OptionError` for an input or an option that cannot be used. */
export function createAutoRun<S extends OutputSchema = never, C = unknown>(
  thread: AutoRunThread,
  input: Input,
  options: AutoRunSetup<S, C> = {},
): AutoRun<OutputOf<S>> {
  return open(thread, { kind: "input", input }, options);
}

/** A run that goes on from a state. Throws an `OptionError` (`INVALID_STATE`) for what is none. */
export function resumeAutoRun<S extends OutputSchema = never, C = unknown>(
  thread: AutoRunThread,
  state: AutoRunState,
  options: AutoRunSetup<S, C> = {},
): AutoRun<OutputOf<S>> {
  return open(thread, { kind: "state", state: checkAutoRunState(state) }, options);
}

/**
 * A run that goes on with the turn that `run` has left, once what it waited for is decided. Throws an `OptionError`
 * (`INVALID_STATE`) where the run was not left, or somebody went on with it already.
 */
export function continueAutoRun<S extends OutputSchema = never, C = unknown>(
  thread: AutoRunThread,
  run: AutoRun<unknown>,
  options: AutoRunSetup<S, C> = {},
): AutoRun<OutputOf<S>> {
  const left = run.left();
  if (left === null || continued.has(run)) {
    throw new OptionError("INVALID_STATE", "run", "No turn of this run waits for a decision.");
  }
  const next = open<S, C>(thread, left, options);
  continued.add(run);
  return next;
}

const continued = new WeakSet<AutoRun<unknown>>();

/** @internal With a clock of the test's own. */
export function open<S extends OutputSchema, C>(
  thread: AutoRunThread,
  start: RunStart,
  options: AutoRunSetup<S, C>,
  clock: RunClock = runClock,
): AutoRun<OutputOf<S>> {
  const plan = toRunPlan<OutputOf<S>, C>(options);
  const input = start.kind === "input" ? start.input : resumedInput(start.state.input);
  // A turn is cold: this only checks what it would be given.
  thread.openTurn(input, plan.turn, 1);
  return new AutoRun<OutputOf<S>>({ thread, start, plan, clock });
}
