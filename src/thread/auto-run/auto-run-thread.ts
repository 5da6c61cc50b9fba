import type { Interruption } from "../../approvals/interruptions.js";
import type { ThreadState } from "../thread-state.js";
import type { Turn } from "../turn/turn.js";
import type { Input } from "../turn/turn-input.js";
import type { TurnOptions } from "../turn/turn-options.js";

/** What a run needs of its thread. */
export interface AutoRunThread {
  readonly id: string | null;
  /** Fires, with the error as its reason, when the thread or its client is closed. */
  readonly closed?: AbortSignal;
  /** The thread's requests that wait for a decision. */
  readonly deferredApprovals?: AutoRunInterruptions;
  /** A cold turn; `attempt` is for its tools. Throws an `OptionError` for an input or an option that cannot be used. */
  openTurn(input: Input, options: TurnOptions, attempt: number): Turn<unknown>;
  /** The thread as plain data; null while it has no id. */
  toState(): ThreadState | null;
}

export interface AutoRunInterruptions {
  list(): readonly Interruption[];
  /** Something waits, and all of it is deferred. */
  readonly waiting: boolean;
  /** Calls the listener when something waits and all of it is deferred, at once where it is. Gives the end of that. */
  onWaiting(listener: () => void): () => void;
}
