import type { CallOutcome } from "../../script/model-items.js";
import type { TurnWriter } from "./turn-writer.js";

/** The turn that a call belongs to. */
export interface CallingTurn {
  readonly writer: TurnWriter;
  /** Fires when the turn is interrupted. */
  readonly signal: AbortSignal;
  /** Interrupts the turn. The answer `cancel` to an approval request calls it. */
  interrupt(): void;
}

/** A call with its id and its declared outcome. */
export interface PlannedCall {
  readonly callId: string;
  readonly outcome: CallOutcome;
}
