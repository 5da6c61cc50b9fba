import type { CodexError } from "../../errors/codex-error.js";
import { partialResultOf } from "../turn/partial-result-of.js";
import { StructuredOutputError, toCodexError } from "../turn/turn-errors.js";
import type { PartialTurnResult } from "../turn/turn-result.js";
import type { AutoRunTurn } from "./auto-run-result.js";
import type { AutoRunState } from "./auto-run-state.js";
import { hasSideEffect } from "./has-side-effect.js";
import type { LiveTurn } from "./live-turn.js";

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
