import { checkMilliseconds } from "../../internal/milliseconds.js";
import { checkOptions, type SharedOptions } from "../../transport/transport.js";
import { type OutputReader, type OutputSchema, toOutputReader } from "../output/output-schema.js";
import { handlerChecks } from "../handler-options.js";
import type { TurnLimits } from "./turn-clock.js";

/** What one turn is given. The shared options hold for this turn only, on both transports. */
export interface TurnOptions<S extends OutputSchema = OutputSchema> extends SharedOptions {
  /** What the final answer must look like; `output` of the result has its type. Over the thread's own. */
  readonly outputSchema?: S | undefined;
  /** Ends the turn: `result()` rejects with an `AbortError` whose `cause` is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** When a turn runs on the thread: wait for its end (default), add the input to it, or throw `ThreadBusyError`. */
  readonly whenBusy?: "queue" | "steer" | "reject" | undefined;
  /**
   * Milliseconds the turn may take, from when it is its turn to run: codex's start counts, the wait in the thread's queue
   * does not (to bound both, give `signal: AbortSignal.timeout(ms)`). Then the turn is interrupted with its commands, and
   * `result()` rejects with a `TurnTimeoutError` that carries what it had done. Default: no limit.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds without an event, after which the turn ends as by `timeoutMs`. The clock stands still while a command, an
   * MCP tool, a host tool or another agent is at work, and while codex waits for an answer of the host; a model that falls
   * silent, or a connection that codex waits for, is idle. Default: no limit.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** What the host's tools get as `context` in this turn. Over the thread's and the client's. */
  readonly context?: unknown;
}

export interface TurnPlan {
  readonly overrides: SharedOptions;
  readonly reader: OutputReader | null;
  readonly signal: AbortSignal | null;
  readonly whenBusy: "queue" | "steer" | "reject";
  readonly limits: TurnLimits;
  readonly context: unknown;
}

/** Checks a turn's options and parts them: what goes on the wire and what codexkit acts on itself. */
export function toTurnPlan(
  options: TurnOptions,
  thread: { readonly outputSchema?: OutputSchema | undefined },
): TurnPlan {
  checkOptions(options, {
    level: "turn",
    own: {
      outputSchema: isGiven,
      signal: isSignal,
      whenBusy: isWhenBusy,
      timeoutMs: checkMilliseconds,
      idleTimeoutMs: checkMilliseconds,
      context: handlerChecks.context,
    },
  });
  const {
    outputSchema = thread.outputSchema,
    signal,
    whenBusy,
    timeoutMs,
    idleTimeoutMs,
    context,
    ...shared
  } = options;
  return {
    overrides: Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined)),
    reader: outputSchema === undefined ? null : toOutputReader(outputSchema),
    signal: signal ?? null,
    whenBusy: whenBusy ?? "queue",
    limits: { timeoutMs: timeoutMs ?? null, idleTimeoutMs: idleTimeoutMs ?? null },
    context,
  };
}

function isGiven(value: unknown): string | null {
  return value === null ? "must not be null" : null;
}

function isSignal(value: unknown): string | null {
  return value instanceof AbortSignal ? null : "must be an AbortSignal";
}

function isWhenBusy(value: unknown): string | null {
  return value === "queue" || value === "steer" || value === "reject" ? null : 'must be "queue", "steer" or "reject"';
}
