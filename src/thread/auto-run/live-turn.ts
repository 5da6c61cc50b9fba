import type { ThreadEvent, ThreadItem } from "../../protocol/index.js";
import type { Turn } from "../turn/turn.js";
import type { HookTracker } from "./run-hooks.js";
import type { RunStop } from "./run-stop.js";
import type { CodexError } from "../../errors/codex-error.js";
import { partialResultOf } from "../turn/turn-result.js";
import { StructuredOutputError, toCodexError } from "../turn/turn-errors.js";
import type { PartialTurnResult } from "../turn/turn-result.js";
import type { AutoRunTurn } from "./auto-run-result.js";
import type { AutoRunState } from "./auto-run-state.js";

/** A turn of a run that is being read. The run may leave it and go on with it later: no event is lost in between. */
export class LiveTurn {
  readonly turn: Turn<unknown>;
  readonly tracker: HookTracker;
  /** A tool was called that may have no item of its own yet. */
  toolCalled = false;
  readonly #events: AsyncIterator<ThreadEvent>;
  #pending: Promise<IteratorResult<ThreadEvent, unknown>> | null = null;
  #leave: (() => void) | null = null;

  constructor(turn: Turn<unknown>, tracker: HookTracker) {
    this.turn = turn;
    this.tracker = tracker;
    this.#events = turn[Symbol.asyncIterator]();
  }

  /** The next event; `over` where none comes, for whatever reason, and `left` after `leave()`. */
  async next(): Promise<ThreadEvent | "over" | "left"> {
    this.#pending ??= this.#events.next();
    const pending = this.#pending;
    const left = new Promise<"left">((resolve) => {
      this.#leave = () => resolve("left");
    });
    // How the turn ended is told by its result.
    const next = await Promise.race([pending.catch(() => ({ done: true as const, value: undefined })), left]);
    if (next === "left") return next;
    this.#pending = null;
    return next.done === true ? "over" : next.value;
  }

  /** Ends the turn, or only its reading, for what ends the run. */
  endBy({ kind }: RunStop): void {
    const dispose = (): Promise<void> => this.turn[Symbol.asyncDispose]();
    switch (kind) {
      case "approval":
        // Wakes who waits for an event that is not there.
        return this.#leave?.();
      case "break":
        return void dispose();
      case "abort":
        // The turn hears of it by its own signal, unless it is one that another run has left.
        return queueMicrotask(() => void dispose());
      case "closed":
        // What closed the thread ends the turn, too.
        return;
      default:
        this.turn.interrupt().catch(dispose);
    }
  }
}

/** What a turn came to, whichever way it ended. */
export interface SettledTurn {
  readonly turn: AutoRunTurn;
  readonly output: unknown;
  /** What `result()` rejected with. */
  readonly error: CodexError | null;
  /** It is `error` where the turn completed and its answer does not fit. */
  readonly misfit: StructuredOutputError | null;
  readonly hadSideEffect: boolean;
}

/** The end of a turn whose events have been read. It never rejects. */
export async function settleTurn(live: LiveTurn, state: AutoRunState): Promise<SettledTurn> {
  const { turn, attempt, reason } = state;
  const end = await live.turn.result().then(
    ({ output, ...result }) => ({ result: { ...result, error: null }, output, error: null }),
    (error: unknown) => ({ result: partialResultOf(error) ?? nothing, output: undefined, error: toCodexError(error) }),
  );
  const { result, output, error } = end;
  return {
    turn: { ...result, turn, attempt, reason },
    output,
    error,
    misfit: error instanceof StructuredOutputError ? error : null,
    hadSideEffect: live.toolCalled || hasSideEffect(result.items) || hasSideEffect(result.unfinishedItems),
  };
}

/** A turn that never began. */
const nothing: PartialTurnResult = {
  status: "inProgress",
  finalResponse: null,
  items: [],
  unfinishedItems: [],
  usage: {},
  threadId: null,
  turnId: null,
  durationMs: 0,
  error: null,
};

/**
 * Whether a turn has done anything beyond thinking and talking: it began a command, a patch, a tool call, or the work of
 * another agent, whatever came of it. An item of a kind that is not known may be one.
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
