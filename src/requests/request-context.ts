import type { CodexError } from "../errors/codex-error.js";
import type { ServerRequestAnswer, ThreadEvent, ThreadItem } from "../protocol/index.js";
import type { ServerRequest } from "../transport/transport.js";

/** What answers codex's requests. It returns a response; what else it may do to the turn is in its context. */
export type AnswerRequest = (request: ServerRequest, context: RequestContext) => Promise<ServerRequestAnswer>;

export interface RequestContext {
  /** Aborted when the turn ends or the request was withdrawn. */
  readonly signal: AbortSignal;
  /** Puts an event of codexkit's own into the turn's stream. */
  readonly emit: (event: ThreadEvent) => void;
  /** The turn's item of this id as it was last told, or null. */
  readonly item: (id: string) => ThreadItem | null;
  /** Ends the turn, after the answer is sent: as interrupted, or by an error that carries the partial result. */
  readonly stop: (error: CodexError | null) => void;
}
