import type { CallOutcome } from "../../script/model-items.js";
import type { TurnWriter } from "./turn-writer.js";

/** The turn that a call belongs to. */
export interface CallingTurn {
  readonly writer: TurnWriter;
  /** Fires when the turn is interrupted. */
  readonly signal: AbortSignal;
  /** Ends the turn, as the answer `cancel` to an approval does. */
  interrupt(): void;
}

/** What a call is about, its parts that may be left out filled in. */
export interface PlannedCall {
  readonly callId: string;
  readonly outcome: CallOutcome;
}
