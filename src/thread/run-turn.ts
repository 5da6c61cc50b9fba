import { untilAborted } from "../internal/with-deadline.js";
import { refuseServerRequest, type ServerRequestAnswer, type ThreadEvent } from "../protocol/index.js";
import type { ServerRequest, TurnConnection, TurnRequestMessage } from "../transport/transport.js";

/** What answers codex's requests. It returns a response; it never reaches into the turn. */
export type AnswerRequest = (request: ServerRequest, context: RequestContext) => Promise<ServerRequestAnswer>;

export interface RequestContext {
  /** Aborted when the turn ends or the request was withdrawn. */
  readonly signal: AbortSignal;
  /** Puts an event of codexkit's own into the turn's stream. */
  readonly emit: (event: ThreadEvent) => void;
}

export interface RunTurnOptions {
  /** Takes the turn's events, in order, in batches. It never waits. */
  readonly emit: (events: readonly ThreadEvent[]) => void;
  /** Waited for before more is pulled, where a turn that is not pulled holds up codex. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly answer: AnswerRequest;
  /** Told when a request begins and ends to wait for its answer. */
  readonly onWaiting?: (waiting: number) => void;
}

/**
 * The loop that joins the two directions: it pulls what the turn says, passes the events on, and hands the requests to
 * `answer` in tasks that it owns, so that a slow answer never stalls the events and the turn's end settles them all.
 * It resolves after the terminal event and rejects where the turn ended without one.
 */
export async function runTurn(connection: TurnConnection, options: RunTurnOptions): Promise<void> {
  const { emit, onWaiting, ready } = options;
  const end = new AbortController();
  const tasks = new Map<string | number, { readonly done: Promise<void>; readonly abort: AbortController }>();
  try {
    for await (const batch of connection.messages) {
      const events: ThreadEvent[] = [];
      for (const message of batch) {
        if (message.kind === "event") {
          events.push(message.event);
          if (message.event.type === "serverRequest.resolved") tasks.get(message.event.requestId)?.abort.abort();
          continue;
        }
        const abort = new AbortController();
        const { id } = message.request;
        const done = answerRequest(message, { ...options, signal: AbortSignal.any([abort.signal, end.signal]) });
        tasks.set(id, { done, abort });
        onWaiting?.(tasks.size);
        void done.then(() => {
          tasks.delete(id);
          onWaiting?.(tasks.size);
        });
      }
      if (events.length > 0) emit(events);
      await ready?.();
    }
  } finally {
    end.abort();
    await Promise.all([...tasks.values()].map(({ done }) => done));
  }
}

/** A handler that throws is a refusal, and one that does not mind its signal holds up nobody. */
async function answerRequest(
  message: TurnRequestMessage,
  { answer, emit, signal }: RunTurnOptions & { readonly signal: AbortSignal },
): Promise<void> {
  const context = {
    signal,
    emit: (event: ThreadEvent): void => {
      if (!signal.aborted) emit([event]);
    },
  };
  const { request } = message;
  const { id: requestId, method, threadId } = request;
  try {
    message.respond(await untilAborted(answer(request, context), signal));
  } catch {
    const reason = "Its handler failed.";
    context.emit({ type: "codexkit.request.refused", threadId, turnId: null, method, requestId, reason });
    message.respond(refuseServerRequest(method));
  }
}
