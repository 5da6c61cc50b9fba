import { checkMillisecondsOrZero } from "../../internal/milliseconds.js";
import { OptionError } from "../../errors/option-error.js";
import { isJsonObject } from "../../internal/json.js";
import { checkOptions, nearestName } from "../../transport/transport.js";
import type { OutputSchema } from "../output/output-schema.js";
import type { ThreadState } from "../thread-state.js";
import type { Input } from "../turn/turn-input.js";
import type { TurnOptions } from "../turn/turn-options.js";
import type { TurnResult } from "../turn/turn-result.js";
import type { AutoRunState } from "./auto-run-state.js";
import type { RetryPolicy } from "./retry-policy.js";
import type { InputGuardrail, OutputGuardrail } from "./run-guardrails.js";
import { hookNames, type RunHooks } from "./run-hooks.js";

/**
 * What a run of several turns is given. Every option of a turn holds for each of its turns; `signal` is for the whole run,
 * and `whenBusy` may not be `steer`. `C` is the type of `context`.
 */
export interface AutoRunOptions<O = unknown, C = unknown> extends Omit<TurnOptions, "outputSchema" | "whenBusy"> {
  /** What its turns do while the thread is busy. Default: `queue`. */
  readonly whenBusy?: "queue" | "reject" | undefined;
  /** How many turns the run may take, other tries of one not counted. Then it rejects with a `MaxTurnsError`. Default: 10. */
  readonly maxTurns?: number | undefined;
  /**
   * Whether the goal is reached, asked of every turn that completed with an output that passed. `false`, or `done: false`,
   * is another turn, with the given input or a sentence that asks to go on. Default: the first such turn ends the run.
   */
  readonly until?: Until<O, C> | undefined;
  /** How a failed turn is tried again before its first side effect; `false` for never. Default: three tries. */
  readonly retry?: RetryPolicy | false | undefined;
  /** How many turns in a row may repair an output that does not fit its schema. Default: 1. */
  readonly repair?: number | undefined;
  readonly guardrails?: RunGuardrails<C> | undefined;
  readonly hooks?: RunHooks<C> | undefined;
  /** Yours: given to `until`, guardrails, hooks and tools. It goes nowhere else and into no state. */
  readonly context?: C | undefined;
  /**
   * Saves where the run stands, to go on from after a crash: waited for before each turn starts and after each has ended,
   * as soon as the thread has an id. What it gets is plain JSON. One that throws ends the run.
   */
  readonly checkpoint?: ((saved: AutoRunCheckpoint) => void | Promise<void>) | undefined;
}

export interface RunGuardrails<C = unknown> {
  readonly input?: readonly InputGuardrail<C>[] | undefined;
  readonly output?: readonly OutputGuardrail<C>[] | undefined;
}

/** What `checkpoint` gets: the thread's state, for `codex.resumeThread()`, with that of the run, for `resumeAuto()`. */
export interface AutoRunCheckpoint extends ThreadState {
  readonly run: AutoRunState;
}

/** Decides whether a run has reached its goal. */
export type Until<O = unknown, C = unknown> = (
  result: TurnResult<O>,
  run: UntilContext<C>,
) => UntilAnswer | Promise<UntilAnswer>;

export interface UntilContext<C = unknown> {
  /** How many turns are done. */
  readonly turns: number;
  /** How often the last one was tried. */
  readonly attempt: number;
  readonly context: C;
  /** Fires when the run ends. */
  readonly signal: AbortSignal;
}

/** `input` is what the next turn is given. */
export type UntilAnswer =
  boolean | { readonly done: true } | { readonly done: false; readonly input?: Input | undefined };

/** The options with their defaults, parted from those of the turns. */
export interface RunPlan {
  readonly turn: TurnOptions;
  readonly maxTurns: number;
  readonly until: Until | null;
  readonly retry: RetryPolicy;
  readonly repair: number;
  readonly input: readonly InputGuardrail[];
  readonly output: readonly OutputGuardrail[];
  readonly hooks: RunHooks;
  readonly context: unknown;
  readonly checkpoint: ((saved: AutoRunCheckpoint) => void | Promise<void>) | null;
  readonly signal: AbortSignal | null;
}

/** Throws an `OptionError` for an option that is not known or cannot be used. The turn's own are checked by the turn. */
export function toRunPlan<O, C>(
  given: AutoRunOptions<O, C> & { readonly outputSchema?: OutputSchema | undefined },
): RunPlan {
  checkOptions(given, { level: "turn", own });
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the run gives the output and the context that `O` and `C` were inferred from
  const options = given as AutoRunOptions & { readonly outputSchema?: OutputSchema | undefined };
  const { maxTurns = 10, until = null, retry = {}, repair = 1, ...rest } = options;
  const { guardrails = {}, hooks = {}, context, checkpoint = null, ...turn } = rest;
  return {
    turn: context === undefined ? turn : { ...turn, context },
    maxTurns,
    until,
    retry: retry === false ? { attempts: 1 } : retry,
    repair,
    input: guardrails.input ?? [],
    output: guardrails.output ?? [],
    hooks,
    context,
    checkpoint,
    signal: turn.signal ?? null,
  };
}

const own = {
  maxTurns: (value: unknown) => (isCount(value, 1) ? null : "must be a whole number from 1"),
  until: isFunction,
  retry: isRetry,
  repair: (value: unknown) => (isCount(value, 0) ? null : "must be a whole number from 0"),
  guardrails: isGuardrails,
  hooks: (value: unknown) => isRecord(value, Object.fromEntries(hookNames.map((name) => [name, isFunction]))),
  context: null,
  checkpoint: isFunction,
  outputSchema: null,
  signal: (value: unknown) => (value instanceof AbortSignal ? null : "must be an AbortSignal"),
  whenBusy: (value: unknown) =>
    value === "queue" || value === "reject" ? null : 'must be "queue" or "reject": a run has turns of its own',
  timeoutMs: null,
  idleTimeoutMs: null,
};

function isRetry(value: unknown): string | null {
  if (value === false) return null;
  return isRecord(value, {
    attempts: (count) => (isCount(count, 1) ? null : "must be a whole number from 1"),
    initialDelayMs: checkMillisecondsOrZero,
    maxDelayMs: checkMillisecondsOrZero,
    factor: (factor) => (typeof factor === "number" && factor >= 1 && factor <= 100 ? null : "must be from 1 to 100"),
    jitter: isBoolean,
    retryable: (given) => (Array.isArray(given) ? null : isFunction(given)),
    respectRetryAfter: isBoolean,
    maxRetryAfterMs: checkMillisecondsOrZero,
  });
}

function isGuardrails(value: unknown): string | null {
  const isMode = (mode: unknown): string | null =>
    mode === "blocking" || mode === "parallel" ? null : 'must be "blocking" or "parallel"';
  const entry = { name: isName, check: isFunction };
  return isRecord(value, {
    input: (list) => isListOf(list, { ...entry, mode: isMode }),
    output: (list) => isListOf(list, entry),
  });
}

type Check = (value: unknown) => string | null;

function isListOf(value: unknown, checks: Readonly<Record<string, Check>>): string | null {
  if (!Array.isArray(value)) return "must be a list";
  const list: readonly unknown[] = value;
  for (const [at, entry] of list.entries()) {
    const problem = isRecord(entry, checks) ?? missing(entry, ["name", "check"]);
    if (problem !== null) return `has at ${at} one that ${problem}`;
  }
  return null;
}

function isRecord(value: unknown, checks: Readonly<Record<string, Check>>): string | null {
  if (!isJsonObject(value)) return "must be an object";
  for (const [name, entry] of Object.entries(value)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) {
      const known = Object.keys(checks).sort();
      const nearest = nearestName(name, known);
      const hint = nearest === null ? `Known are: ${known.join(", ")}.` : `Did you mean \`${nearest}\`?`;
      throw new OptionError("UNKNOWN_OPTION", name, `Unknown option \`${name.slice(0, 80)}\`. ${hint}`);
    }
    const problem = entry === undefined ? null : check(entry);
    if (problem !== null) return `has \`${name}\`, which ${problem}`;
  }
  return null;
}

function missing(value: unknown, names: readonly string[]): string | null {
  const name = names.find((key) => !isJsonObject(value) || value[key] === undefined);
  return name === undefined ? null : `lacks its \`${name}\``;
}

function isFunction(value: unknown): string | null {
  return typeof value === "function" ? null : "must be a function";
}

function isBoolean(value: unknown): string | null {
  return typeof value === "boolean" ? null : "must be true or false";
}

function isName(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? null : "must be a name";
}

function isCount(value: unknown, least: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}
