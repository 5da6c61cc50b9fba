import type { RecordedThread, RunProgress } from "./auto-run-record.js";
import type { LiveTurn, TurnSource } from "./live-turn.js";
import type { TurnHistory } from "./own-turn.js";

/** The thread as its runs use it. */
export interface AutoRunThread extends RecordedThread, TurnSource, TurnHistory {
  /** Fires when the thread or its client closes; the reason is the error. */
  readonly closed: AbortSignal;
}

/** The start of a run: from an input, from a saved state, or with a turn that an earlier run left. */
export interface RunStart extends RunProgress {
  readonly resumed: boolean;
  readonly live: LiveTurn | null;
  /** Called when the run begins, before its first turn. An error that it throws ends the run. */
  readonly onBegin: () => void;
}
