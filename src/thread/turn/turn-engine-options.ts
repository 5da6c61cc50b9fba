import type { ThreadEvent } from "../../protocol/index.js";
import type { TurnConnection, TurnInputPart } from "../../transport/transport.js";
import type { ReaderGate } from "./event-buffer.js";
import type { TurnSummary } from "./reduce-turn.js";
import type { ThreadLine } from "../shared-thread.js";
import type { AnswerRequest } from "./run-turn.js";
import type { TurnLimits } from "./turn-clock.js";

export interface TurnEngineOptions {
  readonly host: TurnHost;
  /** Told when the turn begins, be it only to wait. */
  readonly onBegin: () => void;
  /** What answers codex while it works on the turn. */
  readonly answer: AnswerRequest;
  /** Checks what can be checked and opens the turn. Nothing is sent before its messages are pulled. */
  readonly open: () => Promise<TurnConnection>;
  readonly input: readonly TurnInputPart[];
  readonly whenBusy: "queue" | "steer" | "reject";
  readonly signal: AbortSignal | null;
  readonly limits: TurnLimits;
  /** Shut while the reader is behind. */
  readonly gate?: ReaderGate | undefined;
}

/** What a turn needs of its thread. */
export interface TurnHost {
  readonly line: ThreadLine;
  readonly threadId: string | null;
  /** Whether a turn that is not pulled holds up codex. */
  readonly pushesBack: boolean;
  /** Told of every event, before the reader is. */
  heard(event: ThreadEvent): void;
  ended(summary: TurnSummary): void;
}
