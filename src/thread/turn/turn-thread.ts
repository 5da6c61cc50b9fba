import type { ServerRequestAnswer } from "../../protocol/index.js";
import type { RequestTurn } from "../../requests/request-turn.js";
import type { ServerRequest, TurnConnection } from "../../transport/transport.js";
import type { PolicyHolder, SharedThread } from "../shared-thread.js";
import type { TurnSummary } from "./reduce-turn.js";
import type { OpenTurn } from "./run-turn.js";
import type { TurnPlan } from "./turn-options.js";

/** A turn whose decisions are enforced. */
export type WatchedTurn = OpenTurn & Pick<RequestTurn, "decisions">;

/** The part of a thread that its turns use. `Thread` implements it. A turn holds its thread until it ends. */
export interface TurnThread extends PolicyHolder {
  readonly shared: SharedThread;
  /** Aborted when the thread or its client closes. */
  readonly closed: AbortSignal;
  /** The object that was closed. Valid when `closed` is aborted. */
  readonly closedBy: "client" | "thread";
  /** Whether codex pauses while the turn's messages are not pulled, so that the turn can wait for a slow reader. */
  readonly pushesBack: boolean;
  /** Checks the working directory and the stored turns, and returns the transport's turn. Nothing is sent before its first pull. */
  connect(plan: TurnPlan, signal: AbortSignal): Promise<TurnConnection>;
  /** Answers a server request of the turn. */
  answer(request: ServerRequest, turn: WatchedTurn, plan: TurnPlan): Promise<ServerRequestAnswer>;
  /** Registers the end of a caller's part in a turn, which `close()` waits for. */
  track(ended: Promise<unknown>): void;
  /** Registers the end of a turn that this thread answers for: until then its connection stays open, also after `close()`. */
  lead(ended: Promise<unknown>): void;
  /** Records the thread's id, usage and stored tools after a turn. */
  recordEnd(summary: TurnSummary): void;
}
