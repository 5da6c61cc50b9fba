import type { CodexError } from "../errors/codex-error.js";
import type { JsonValue, ServerRequestAnswer, ThreadEvent, ThreadItem } from "../protocol/index.js";

/** What answers codex's requests. It returns a response; what else it may do to the turn is in its context. */
export type AnswerRequest = (request: AskedRequest, context: RequestContext) => Promise<ServerRequestAnswer>;

/** A request of codex, as a transport passes it on. */
export interface AskedRequest {
  readonly id: string | number;
  readonly method: string;
  readonly params: JsonValue;
  readonly threadId: string | null;
}

export interface RequestContext {
  /** Aborted when the turn ends or the request was withdrawn. */
  readonly signal: AbortSignal;
  /** Puts an event of codexkit's own into the turn's stream. */
  readonly emit: (event: ThreadEvent) => void;
  /** The turn's item of this id as it was last told, or null. */
  readonly item: (id: string) => ThreadItem | null;
  /** Ends the turn before the answer is sent: as interrupted, or by an error that carries the partial result. */
  readonly stop: (error: CodexError | null) => void;
}
