import { UnsupportedFeatureError } from "../../errors/unsupported-feature-error.js";
import { checkOptions, type SharedOptions, type Transport, type TurnInputPart } from "../../transport/transport.js";
import { type OutputParser, type OutputSchema, toOutputParser } from "../output/output-schema.js";
import type { TurnLimits } from "./turn-clock.js";

/** The options of one turn. The shared options apply to this turn only, on both transports. */
export interface TurnOptions<S extends OutputSchema = OutputSchema> extends SharedOptions {
  /** The schema of the final answer, which types the result's `output`. Replaces the thread's own. */
  readonly outputSchema?: S | undefined;
  /** Ends the turn when aborted: `result()` rejects with an `AbortError` whose `cause` is the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * The behaviour if another turn runs on the thread: `queue` (default) waits for its end, `steer` adds the input to it,
   * `reject` throws `ThreadBusyError`. `steer` waits like `queue` if the running turn belongs to a handle with another
   * `onApproval`, because that one decides in its turn. A turn that others have joined lives while one of its callers wants
   * it: a caller that stops leaves it to the others.
   */
  readonly whenBusy?: "queue" | "steer" | "reject" | undefined;
  /**
   * Milliseconds that the turn may take after its wait in the thread's queue; the start of codex counts. (Pass
   * `signal: AbortSignal.timeout(ms)` to limit the wait, too.) Then the turn and its commands are interrupted, and
   * `result()` rejects with a `TurnTimeoutError` that carries the partial result. Default: no limit.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Milliseconds without an event after which the turn ends as by `timeoutMs`. The limit pauses while a command, an MCP
   * tool, a host tool or another agent works, and while codex waits for an answer of the host program. Waiting for the
   * model, or for a connection, counts as idle. Default: no limit.
   */
  readonly idleTimeoutMs?: number | undefined;
  /** Emits every event of the turn's sub-agents, each in a `codexkit.agent.event`. Default: false. */
  readonly agentEvents?: boolean | undefined;
  /** The `context` of host tools in this turn. Replaces the thread's and the client's. */
  readonly context?: unknown;
}

/** A turn that can be executed: checked input and options. */
export interface TurnPlan {
  readonly input: readonly TurnInputPart[];
  /** Options that apply to this turn only, over the thread's. */
  readonly overrides: SharedOptions;
  readonly parser: OutputParser | null;
  readonly signal: AbortSignal | null;
  readonly whenBusy: "queue" | "steer" | "reject";
  readonly limits: TurnLimits;
  /** Default: false. */
  readonly agentEvents?: boolean;
  readonly context: unknown;
  /** The number of this attempt at the turn, from 1. A run repeats a turn after a transient failure. */
  readonly attempt: number;
}

/** Checks a turn's options and separates the ones that are sent from the ones that codexkit applies itself. */
export function toTurnPlan(
  options: TurnOptions,
  thread: { readonly outputSchema?: OutputSchema | undefined },
): Omit<TurnPlan, "input" | "attempt"> {
  checkOptions(options, { level: "turn" });
  const {
    outputSchema = thread.outputSchema,
    signal,
    whenBusy,
    timeoutMs,
    idleTimeoutMs,
    agentEvents = false,
    context,
    ...shared
  } = options;
  return {
    overrides: Object.fromEntries(Object.entries(shared).filter(([, value]) => value !== undefined)),
    parser: outputSchema === undefined ? null : toOutputParser(outputSchema),
    signal: signal ?? null,
    whenBusy: whenBusy ?? "queue",
    limits: { timeoutMs: timeoutMs ?? null, idleTimeoutMs: idleTimeoutMs ?? null },
    agentEvents,
    context,
  };
}

/** Throws an `UnsupportedFeatureError` if the input would be added to a running turn and the transport cannot do that. */
export function checkSteering(
  whenBusy: TurnPlan["whenBusy"],
  { features, name }: Pick<Transport, "features" | "name">,
): void {
  if (whenBusy !== "steer" || features.steer) return;
  throw new UnsupportedFeatureError('`whenBusy: "steer"`', name, 'use "queue" or "reject".');
}
