import { createDeferred } from "../../internal/deferred.js";
import { onAbort } from "../../internal/abort/on-abort.js";
import { untilAborted, withDeadline } from "../../internal/time/with-deadline.js";
import type { CodexError } from "../../errors/codex-error.js";
import type { ServerRequestAnswer, ThreadEvent, ThreadItem } from "../../protocol/index.js";
import { refuseServerRequest } from "../../protocol/methods/refuse-server-request.js";
import type { RequestTurn } from "../../requests/request-turn.js";
import type {
  AgentOrigin,
  ServerRequest,
  TurnConnection,
  TurnMessage,
  TurnRequestMessage,
} from "../../transport/transport.js";
import { anySignal } from "../../internal/abort/any-signal.js";

/** Answers one server request of the turn. */
export type AnswerRequest = (request: ServerRequest, turn: OpenTurn) => Promise<ServerRequestAnswer>;

/** The parts of a {@link RequestTurn} that the loop provides. */
export type OpenTurn = Pick<RequestTurn, "signal" | "emit" | "item" | "stop">;

export interface RunTurnOptions {
  /** Receives the turn's events, in order, in batches. Must return at once. */
  readonly emit: (events: readonly ThreadEvent[]) => void;
  /** Returns a promise to await before the next batch, if codex waits while its output is not read. */
  readonly ready?: (() => Promise<void> | undefined) | undefined;
  /** Receives an event of a sub-agent. Returns the events of the turn that stand for it; default: none. */
  readonly toOwnEvents?: (event: ThreadEvent, agent: AgentOrigin) => readonly ThreadEvent[];
  readonly answer: AnswerRequest;
  /** Returns the open item of the turn, or of its agent, with this id as codex last reported it, or null. */
  readonly item: (id: string, agent?: AgentOrigin) => ThreadItem | null;
  /** Ends the turn: as interrupted, or by the error. */
  readonly stop: (error: CodexError | null) => void;
  /** Called with the number of unanswered requests whenever it changes. */
  readonly onWaiting?: (waiting: number) => void;
}

/**
 * The loop that joins the two directions. It takes the turn's messages, emits the events, and passes each server request to
 * `answer` in a task of its own, so that a slow answer never delays an event and the end of the turn settles every answer.
 * Resolves after the terminal event; rejects if the turn ends without one.
 */
export async function runTurn(connection: TurnConnection, options: RunTurnOptions): Promise<void> {
  const { emit, onWaiting, ready } = options;
  /** `end` aborts the answers. It is created with the first request: a turn usually has none. */
  const terminal: { end: AbortController | null; reached: boolean } = { end: null, reached: false };
  const tasks = new Map<string | number, { readonly done: Promise<void>; readonly abort: AbortController }>();
  let over = false;
  const emitOwn = (event: ThreadEvent): void => {
    if (!over) emit([event]);
  };
  const takeMessages = (batch: readonly TurnMessage[]): Promise<void> | undefined => {
    let events: ThreadEvent[] = [];
    const flush = (): void => {
      if (events.length === 0) return;
      const batched = events;
      events = [];
      emit(batched);
    };
    for (const message of batch) {
      if (message.kind === "event") {
        const { event, agent } = message;
        if (event.type === "serverRequest.resolved") {
          flush();
          tasks.get(event.requestId)?.abort.abort();
        } else if (event.type === "turn.completed" && agent === undefined) {
          // Pending answers emit their events before the terminal event.
          flush();
          terminal.reached = true;
          terminal.end?.abort();
        }
        if (agent === undefined) events.push(event);
        else {
          flush();
          // Also without events: the agent is at work, so the turn is not idle.
          emit(options.toOwnEvents?.(event, agent) ?? []);
        }
        continue;
      }
      if (terminal.reached) {
        // The turn has ended: a new answer could emit events after the terminal one.
        message.respond(refuseServerRequest(message.request.method));
        continue;
      }
      // Flush first, so that the handler can look up the item of the request.
      flush();
      const abort = new AbortController();
      const { id } = message.request;
      terminal.end ??= new AbortController();
      const signal = anySignal([abort.signal, terminal.end.signal]);
      const done = answerRequest(message, { ...options, emit: emitOwn, signal });
      tasks.set(id, { done, abort });
      onWaiting?.(tasks.size);
      void done.then(() => {
        tasks.delete(id);
        onWaiting?.(tasks.size);
      });
    }
    flush();
    return ready?.();
  };
  try {
    await connection.run(takeMessages);
  } finally {
    terminal.end?.abort();
    await Promise.all([...tasks.values()].map(({ done }) => done));
    over = true;
  }
}

interface AnswerOptions extends Pick<RunTurnOptions, "answer" | "item" | "stop"> {
  readonly emit: (event: ThreadEvent) => void;
  readonly signal: AbortSignal;
}

/** Milliseconds that a turn may take to end if an answer ends it. After that the answer is sent anyway. */
const endingGraceMs = 10_000;

/** Refuses the request if the handler throws, or if the signal aborts before the handler has answered. */
async function answerRequest(message: TurnRequestMessage, options: AnswerOptions): Promise<void> {
  const { answer, signal, item, emit, stop } = options;
  const ending: { readonly error: CodexError | null }[] = [];
  const { agent } = message.request;
  const context = {
    signal,
    item: (id: string) => item(id, agent),
    emit,
    stop: (error: CodexError | null): void => void ending.push({ error }),
  };
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
    // The answer waits for the end of the turn: a quick model could otherwise complete the turn before the interrupt.
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
