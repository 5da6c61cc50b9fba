import type { Input } from "../turn/turn-input.js";
import type { AutoRunTurn } from "./auto-run-result.js";
import type { AutoRunState } from "./auto-run-state.js";
import type { LiveTurn } from "./live-turn.js";

/** Where a run begins. */
export type RunStart =
  | { readonly kind: "input"; readonly input: Input }
  | { readonly kind: "state"; readonly state: AutoRunState }
  | LeftRun;

/** A run that was left while its turn waits: the turn still lives, in this process. */
export interface LeftRun {
  readonly kind: "left";
  readonly state: AutoRunState;
  readonly live: LiveTurn;
  readonly turns: readonly AutoRunTurn[];
}
