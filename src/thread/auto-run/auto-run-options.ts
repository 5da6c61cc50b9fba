import { adviseName } from "../../errors/nearest-name.js";
import { OptionError } from "../../errors/option-error.js";
import { isJsonObject, isList } from "../../internal/json.js";
import { checkMillisecondsOrZero } from "../../internal/time/milliseconds.js";
import { withoutUndefined } from "../../internal/without-undefined.js";
import { checkOptions } from "../../transport/transport.js";
import type { OutputOf, OutputSchema } from "../output/output-schema.js";
import type { ThreadState } from "../thread-state.js";
import type { Input } from "../turn/turn-input.js";
import type { TurnOptions } from "../turn/turn-options.js";
import type { TurnResult } from "../turn/turn-result.js";
import type { AutoRunState } from "./auto-run-state.js";
import type { RetryPolicy } from "./retry-policy.js";
import type { InputGuardrail, OutputGuardrail } from "./run-guardrails.js";
import { hookNames, type RunHooks } from "./run-hooks.js";

/**
 * The options of a run of several turns. Every option of a turn applies to each of its turns. `signal` applies to the whole
 * run, and `whenBusy` cannot be `steer`. `C` is the type of `context`.
 */
export interface AutoRunOptions<O = unknown, C = unknown> extends Omit<TurnOptions, "outputSchema" | "whenBusy"> {
  /** The behaviour of each turn while the thread is busy. Default: `queue`. */
  readonly whenBusy?: "queue" | "reject" | undefined;
  /** The number of turns, retries not counted, after which the run rejects with a `MaxTurnsError`. Default: 10. */
  readonly maxTurns?: number | undefined;
  /**
   * Decides whether the goal is reached. Called after each turn that completed with an output that passed. `false`, or
   * `done: false`, starts another turn with the given input or with a fixed sentence. Default: the first such turn ends
   * the run.
   */
  readonly until?: Until<O, C> | undefined;
  /** The rules for a failed turn before its first side effect; `false` disables retries. Default: three tries. */
  readonly retry?: RetryPolicy | false | undefined;
  /** The number of consecutive turns that may repair an output that does not fit its schema. Default: 1. */
  readonly repair?: number | undefined;
  readonly guardrails?: RunGuardrails<C> | undefined;
  readonly hooks?: RunHooks<C> | undefined;
  /** A value of the host program, passed to `until`, guardrails, hooks and tools. It is not saved in any state. */
  readonly context?: C | undefined;
  /**
   * Saves the progress of the run, so that it can be resumed after a crash. The run calls it before each turn and after
   * each turn, once the thread has an id, and waits for it. The argument is plain JSON. An error that it throws ends the
   * run.
   */
  readonly checkpoint?: ((saved: AutoRunCheckpoint) => void | Promise<void>) | undefined;
}

/** The options of a run, with the schema that determines the type of its output. */
export type AutoRunSetup<S extends OutputSchema, C> = AutoRunOptions<OutputOf<S>, C> & {
  readonly outputSchema?: S | undefined;
};

export interface RunGuardrails<C = unknown> {
  readonly input?: readonly InputGuardrail<C>[] | undefined;
  readonly output?: readonly OutputGuardrail<C>[] | undefined;
}

/** The argument of `checkpoint`: the state of the thread, for `codex.resumeThread()`, with the state of the run. */
export interface AutoRunCheckpoint extends ThreadState {
  readonly run: AutoRunState;
}

/** Decides whether a run has reached its goal. */
export type Until<O = unknown, C = unknown> = (
  result: TurnResult<O>,
  run: UntilContext<C>,
) => UntilAnswer | Promise<UntilAnswer>;

export interface UntilContext<C = unknown> {
  /** The number of turns that have ended, retries not counted. */
  readonly turns: number;
  /** The number of tries of the last turn. */
  readonly attempt: number;
  readonly context: C;
  /** Fires when the run ends. */
  readonly signal: AbortSignal;
}

/** `input` is the input of the next turn. */
export type UntilAnswer =
  boolean | { readonly done: true } | { readonly done: false; readonly input?: Input | undefined };

/** The checked options of a run with their defaults, separated from those of its turns. */
export interface AutoRunPlan {
  readonly turn: TurnOptions;
  readonly maxTurns: number;
  readonly until: Until | null;
  readonly retry: RetryPolicy;
  readonly repair: number;
  readonly blocking: readonly InputGuardrail[];
  readonly parallel: readonly InputGuardrail[];
  readonly output: readonly OutputGuardrail[];
  readonly hooks: RunHooks;
  readonly context: unknown;
  readonly checkpoint: ((saved: AutoRunCheckpoint) => void | Promise<void>) | null;
  readonly signal: AbortSignal | null;
}

/**
 * Throws an `OptionError` for an unknown or invalid option. The turn checks its own options. The schema of the thread is in
 * the plan, because it also parses the answer of a turn before a restart of the program.
 */
export function toAutoRunPlan<S extends OutputSchema, C>(
  given: AutoRunSetup<S, C>,
  threadSchema: OutputSchema | undefined,
): AutoRunPlan {
  checkOptions(given, { level: "turn", own });
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the run passes the output and the context from which the type parameters were inferred
  const options = given as AutoRunOptions & { readonly outputSchema?: OutputSchema | undefined };
  const { maxTurns = 10, until = null, retry = {}, repair = 1, ...rest } = options;
  const { guardrails = {}, hooks = {}, context, checkpoint = null, outputSchema = threadSchema, ...turn } = rest;
  const { input = [], output = [] } = guardrails;
  return {
    turn: withoutUndefined<TurnOptions>({ ...turn, context, outputSchema }),
    maxTurns,
    until,
    retry: retry === false ? { attempts: 1 } : retry,
    repair,
    blocking: input.filter(({ mode }) => mode !== "parallel"),
    parallel: input.filter(({ mode }) => mode === "parallel"),
    output,
    hooks,
    context,
    checkpoint,
    signal: turn.signal ?? null,
  };
}

type Check = (value: unknown) => string | null;

const own: Readonly<Record<string, Check>> = {
  maxTurns: isCountFrom(1),
  until: isFunction,
  retry: (value) => (value === false ? null : isRecord(value, retryChecks)),
  repair: isCountFrom(0),
  guardrails: (value) => isRecord(value, { input: isListOf(inputChecks), output: isListOf(outputChecks) }),
  hooks: (value) => isRecord(value, Object.fromEntries(hookNames.map((name) => [name, isFunction]))),
  checkpoint: isFunction,
  whenBusy: (value) =>
    value === "queue" || value === "reject" ? null : 'must be "queue" or "reject": a run has turns of its own',
};

const retryChecks: Readonly<Record<keyof RetryPolicy, Check>> = {
  attempts: isCountFrom(1),
  initialDelayMs: checkMillisecondsOrZero,
  maxDelayMs: checkMillisecondsOrZero,
  factor: (value) => (typeof value === "number" && value >= 1 && value <= 100 ? null : "must be from 1 to 100"),
  jitter: isBoolean,
  retryable: (value) => (Array.isArray(value) ? null : isFunction(value)),
  respectRetryAfter: isBoolean,
  maxRetryAfterMs: checkMillisecondsOrZero,
  afterCodexRetries: isBoolean,
};

const outputChecks: Readonly<Record<keyof OutputGuardrail, Check>> = {
  name: (value) => (typeof value === "string" && value.trim() !== "" ? null : "must be a name"),
  check: isFunction,
};

const inputChecks: Readonly<Record<keyof InputGuardrail, Check>> = {
  ...outputChecks,
  mode: (value) => (value === "blocking" || value === "parallel" ? null : 'must be "blocking" or "parallel"'),
};

/** Checks a list of guardrails; each must have a name and a check. */
function isListOf(checks: Readonly<Record<string, Check>>): Check {
  return (value) => {
    if (!isList(value)) return "must be a list";
    for (const [at, entry] of value.entries()) {
      const missing = ["name", "check"].find((name) => !isJsonObject(entry) || entry[name] === undefined);
      const problem = isRecord(entry, checks) ?? (missing === undefined ? null : `lacks its \`${missing}\``);
      if (problem !== null) return `has an entry at index ${at} that ${problem}`;
    }
    return null;
  };
}

/** Throws an `OptionError` for an unknown key. */
function isRecord(value: unknown, checks: Readonly<Record<string, Check>>): string | null {
  if (!isJsonObject(value)) return "must be an object";
  for (const [name, entry] of Object.entries(value)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) {
      const advice = adviseName(name, Object.keys(checks));
      throw new OptionError("UNKNOWN_OPTION", name, `Unknown option \`${name.slice(0, 80)}\`. ${advice}`);
    }
    const problem = entry === undefined ? null : check(entry);
    if (problem !== null) return `has \`${name}\`, which ${problem}`;
  }
  return null;
}

function isFunction(value: unknown): string | null {
  return typeof value === "function" ? null : "must be a function";
}

function isBoolean(value: unknown): string | null {
  return typeof value === "boolean" ? null : "must be true or false";
}

function isCountFrom(least: number): Check {
  return (value) =>
    typeof value === "number" && Number.isSafeInteger(value) && value >= least
      ? null
      : `must be a whole number from ${least}`;
}
