import { createDeferred } from "../../internal/deferred.js";
import { onAbort } from "../../internal/on-abort.js";
import { untilAborted, withDeadline } from "../../internal/with-deadline.js";
import type { CodexError } from "../../errors/codex-error.js";
import {
  refuseServerRequest,
  type ServerRequestAnswer,
  type ThreadEvent,
  type ThreadItem,
} from "../../protocol/index.js";
import type { RequestTurn } from "../../requests/request-turn.js";
import type { ServerRequest, TurnConnection, TurnRequestMessage } from "../../transport/transport.js";

/** Answers one server request of the turn. */
export type AnswerRequest = (request: ServerRequest, turn: OpenTurn) => Promise<ServerRequestAnswer>;

/** The parts of a {@link RequestTurn} that the loop provides. */
export type OpenTurn = Pick<RequestTurn, "signal" | "emit" | "item" | "stop">;

export interface RunTurnOptions {
  /** Takes the turn's events, in order, in batches. It never waits. */
  readonly emit: (events: readonly ThreadEvent[]) => void;
  /** Waited for before more is pulled, where a turn that is not pulled holds up codex. */
  readonly ready?: (() => Promise<void>) | undefined;
  readonly answer: AnswerRequest;
  /** The turn's item of this id as it was last told, or null. */
  readonly item: (id: string) => ThreadItem | null;
  /** Ends the turn: as interrupted, or by the error. */
  readonly stop: (error: CodexError | null) => void;
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
  let over = false;
  const tell = (event: ThreadEvent): void => {
    if (!over) emit([event]);
  };
  try {
    for await (const batch of connection.messages) {
      const events: ThreadEvent[] = [];
      const flush = (): void => {
        if (events.length > 0) emit(events.splice(0));
      };
      for (const message of batch) {
        if (message.kind === "event") {
          const { event } = message;
          if (event.type === "serverRequest.resolved") {
            flush();
            tasks.get(event.requestId)?.abort.abort();
          } else if (event.type === "turn.completed") {
            // What still waits says its last word before the turn does.
            flush();
            end.abort();
          }
          events.push(event);
          continue;
        }
        if (end.signal.aborted) {
          // The turn is over: nothing is begun for it, and nothing said after its end.
          message.respond(refuseServerRequest(message.request.method));
          continue;
        }
        // Who answers finds the item in question.
        flush();
        const abort = new AbortController();
        const { id } = message.request;
        const signal = AbortSignal.any([abort.signal, end.signal]);
        const done = answerRequest(message, { ...options, emit: tell, signal });
        tasks.set(id, { done, abort });
        onWaiting?.(tasks.size);
        void done.then(() => {
          tasks.delete(id);
          onWaiting?.(tasks.size);
        });
      }
      flush();
      await ready?.();
    }
  } finally {
    end.abort();
    await Promise.all([...tasks.values()].map(({ done }) => done));
    over = true;
  }
}

interface AnswerOptions extends Pick<RunTurnOptions, "answer" | "item" | "stop"> {
  readonly emit: (event: ThreadEvent) => void;
  readonly signal: AbortSignal;
}

/** How long a turn that an answer ends may take to end, in milliseconds, before codex gets the answer all the same. */
const endingGraceMs = 10_000;

/** A handler that throws is a refusal, and one that does not mind its signal holds up nobody. */
async function answerRequest(message: TurnRequestMessage, options: AnswerOptions): Promise<void> {
  const { answer, signal, item, emit, stop } = options;
  const ending: { readonly error: CodexError | null }[] = [];
  const context = { signal, item, emit, stop: (error: CodexError | null): void => void ending.push({ error }) };
  const { request } = message;
  const { id: requestId, method, threadId } = request;
  let given: ServerRequestAnswer;
  try {
    given = await untilAborted(answer(request, context), signal);
  } catch {
    if (!signal.aborted) {
      const reason = "Its handler failed.";
      emit({ type: "codexkit.request.refused", threadId, turnId: null, method, requestId, reason });
    }
    given = refuseServerRequest(method);
  }
  const [first] = ending;
  if (first !== undefined && !signal.aborted) {
    stop(first.error);
    // Held back: with the answer a quick model would complete the turn before it is interrupted.
    await untilFired(signal, endingGraceMs);
  }
  message.respond(given);
}

async function untilFired(signal: AbortSignal, timeoutMs: number): Promise<void> {
  const fired = createDeferred<undefined>();
  const stopListening = onAbort(signal, () => fired.resolve(undefined));
  await withDeadline(fired.promise, { timeoutMs, onTimeout: () => new Error() }).catch(() => undefined);
  stopListening();
}
