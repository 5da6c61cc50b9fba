import type { ServerRequestAnswer } from "../../protocol/index.js";
import type { ServerRequest, TurnConnection } from "../../transport/transport.js";
import type { SharedThread } from "../shared-thread.js";
import type { TurnSummary } from "./reduce-turn.js";
import type { OpenTurn } from "./run-turn.js";
import type { TurnPlan } from "./turn-options.js";

/** A thread as its turns use it. `Thread` implements it; a turn that is to run holds its thread. */
export interface TurnThread {
  readonly shared: SharedThread;
  /** Aborted when the thread or its client closes. */
  readonly closed: AbortSignal;
  /** What a turn reports that ends because of `closed`. */
  readonly closedBy: "client" | "thread";
  /** Whether codex waits while the turn's messages are not pulled, so that the turn can wait for a slow reader. */
  readonly pushesBack: boolean;
  /** Checks the working directory and returns the transport's turn. Nothing is sent before its first pull. */
  connect(plan: TurnPlan): Promise<TurnConnection>;
  /** Answers a server request of the turn. */
  answer(request: ServerRequest, turn: OpenTurn, plan: TurnPlan): Promise<ServerRequestAnswer>;
  /** Registers the end of a turn that has begun, which `close()` waits for. */
  track(ended: Promise<unknown>): void;
  /** Records the usage and the tools that a turn leaves behind. */
  recordEnd(summary: TurnSummary): void;
}
