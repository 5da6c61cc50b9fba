import { setImmediate } from "node:timers";
import type { Interruption } from "../../approvals/interruptions.js";
import type { CodexError } from "../../errors/codex-error.js";
import type { AutoRunReason, ThreadEvent, ThreadItem, TurnFailure } from "../../protocol/index.js";
import type { Turn } from "../turn/turn.js";
import { StructuredOutputError, toCodexError } from "../turn/turn-errors.js";
import type { Input } from "../turn/turn-input.js";
import type { TurnOptions } from "../turn/turn-options.js";
import { type PartialTurnResult, partialResultOf } from "../turn/turn-result.js";
import type { RunStop } from "./auto-run-result.js";
import type { CompletedTurn } from "./judge-turn.js";
import { TurnHooks, type TurnPlace } from "./run-hooks.js";

/** The thread as its turns need it. */
export interface TurnSource {
  /** Returns a cold turn; `attempt` is passed to its tools. Throws an `OptionError` for an invalid input or option. */
  openTurn(input: Input, options: TurnOptions, attempt: number): Turn<unknown>;
  readonly deferredApprovals: {
    list(): readonly Interruption[];
    /** Whether approvals are open and all of them are deferred. */
    readonly waiting: boolean;
    /** Calls the listener when `waiting` becomes true, at once if it is. Returns an unsubscribe function. */
    onWaiting(listener: () => void): () => void;
  };
}

/** The end of a turn. */
export interface SettledTurn extends CompletedTurn {
  /** The error that `result()` rejected with. */
  readonly error: CodexError | null;
  /** An event showed work, or the model has answered a request and was asked again. */
  readonly hadSideEffect: boolean;
  /** Codex has reported the start of the turn. */
  readonly started: boolean;
  /** Codex has repeated a model request of the turn, or may have. */
  readonly retriedByCodex: boolean;
}

/** A running turn of a run. A run may leave it, and a later run continues to read it; no event is lost in between. */
export class LiveTurn {
  readonly hooks: TurnHooks;
  readonly #turn: Turn<unknown>;
  readonly #place: TurnPlace & { readonly reason: AutoRunReason };
  readonly #events: AsyncIterator<ThreadEvent>;
  #pending: Promise<IteratorResult<ThreadEvent, unknown>> | null = null;
  #leave: (() => void) | null = null;
  /** A tool call may have no item of its own yet. */
  #toolCalled = false;
  #started = false;
  #retriedByCodex = false;

  constructor(turn: Turn<unknown>, place: TurnPlace & { readonly reason: AutoRunReason }) {
    this.hooks = new TurnHooks({ turn: place.turn, attempt: place.attempt });
    this.#turn = turn;
    this.#place = place;
    this.#events = turn[Symbol.asyncIterator]();
  }

  /** Returns the next event, `ended` if the turn has none, and `left` after a stop for an approval. It never rejects. */
  async next(): Promise<ThreadEvent | "ended" | "left"> {
    this.#pending ??= this.#events.next();
    const pending = this.#pending;
    const left = new Promise<"left">((resolve) => {
      this.#leave = () => resolve("left");
    });
    // `settle()` reports the error of the turn.
    const next = await Promise.race([pending.catch(() => ({ done: true as const, value: undefined })), left]);
    if (next === "left") return next;
    this.#pending = null;
    if (next.done === true) return "ended";
    if (next.value.type === "codexkit.tool.started") this.#toolCalled = true;
    if (next.value.type === "turn.started") this.#started = true;
    if (next.value.type === "error" && next.value.willRetry === true) this.#retriedByCodex = true;
    return next.value;
  }

  /** Ends the turn, or only its reading, for the reason that ends the run. */
  stopFor({ kind }: RunStop): void {
    const dispose = (): Promise<void> => this.#turn[Symbol.asyncDispose]();
    switch (kind) {
      case "approval":
        return this.#leave?.();
      case "break":
        return void dispose();
      case "abort":
        // The turn ends by its own signal first, unless it is a turn that an earlier run left.
        return queueMicrotask(() => void dispose());
      case "closed":
        // The thread ends its turns itself.
        return;
      default:
        this.#turn.interrupt().catch(dispose);
    }
  }

  /** Returns the outcome of a turn whose events have been read. It never rejects. */
  async settle(): Promise<SettledTurn> {
    const { result, output, error } = await this.#turn.result().then(
      ({ output, ...result }) => ({ result: { ...result, error: null }, output, error: null }),
      (cause: unknown) => ({
        result: partialResultOf(cause) ?? notBegun,
        output: undefined,
        error: toCodexError(cause),
      }),
    );
    return {
      turn: { ...result, ...this.#place },
      output,
      error,
      misfit: error instanceof StructuredOutputError ? error : null,
      hadSideEffect: this.#toolCalled || hasWorked(result),
      started: this.#started,
      retriedByCodex: this.#retriedByCodex || isOverload(result.error),
    };
  }
}

/** Calls the listener when the running turn waits for deferred approvals only. Returns an unsubscribe function. */
export function watchDeferred({ deferredApprovals }: TurnSource, listener: () => void): () => void {
  let watching = true;
  const stopListening = deferredApprovals.onWaiting(() => {
    // The reader gets the events up to this point first.
    setImmediate(() => {
      if (watching && deferredApprovals.waiting) listener();
    });
  });
  return () => {
    watching = false;
    stopListening();
  };
}

/** Whether the service is overloaded. If it answered so by HTTP 503, codex has repeated the request without a report. */
function isOverload(error: TurnFailure | null): boolean {
  if (error?.codexErrorInfo === "serverOverloaded") return true;
  // Exec reports no kind.
  return error?.codexErrorInfo === undefined && error?.message.startsWith("Selected model is at capacity.") === true;
}

/** The result of a turn that never began. */
const notBegun: PartialTurnResult = {
  status: "inProgress",
  finalResponse: null,
  items: [],
  unfinishedItems: [],
  usage: {},
  threadId: null,
  turnId: null,
  durationMs: 0,
  error: null,
  warnings: [],
};

/** Whether an item shows work, or the model has answered a request: a turn that failed afterwards had called a tool. */
function hasWorked({ items, unfinishedItems, usage: { turn } }: PartialTurnResult): boolean {
  if (hasSideEffect(items) || hasSideEffect(unfinishedItems)) return true;
  return turn !== undefined && turn.inputTokens + turn.outputTokens > 0;
}

/**
 * Whether a turn has begun a command, a patch, a tool call, or the work of another agent, whether it succeeded or not. An
 * item of an unknown kind counts.
 */
export function hasSideEffect(items: readonly ThreadItem[]): boolean {
  return items.some(({ type }) => effects.has(type));
}

const effects = new Set<ThreadItem["type"]>([
  "commandExecution",
  "fileChange",
  "mcpToolCall",
  "dynamicToolCall",
  "collabAgentToolCall",
  "subAgentActivity",
  "codexkit.unknown",
]);
