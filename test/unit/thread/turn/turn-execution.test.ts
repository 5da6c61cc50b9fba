import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDeferred } from "../../../../src/internal/deferred.js";
import type { ServerRequestAnswer } from "../../../../src/protocol/index.js";
import { SharedThreads } from "../../../../src/thread/shared-thread.js";
import { TurnExecution } from "../../../../src/thread/turn/turn-execution.js";
import type { TurnThread } from "../../../../src/thread/turn/turn-thread.js";
import type { TurnConnection, TurnMessage } from "../../../../src/transport/transport.js";
import { begin, ended, message, started } from "../events.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const method = "item/commandExecution/requestApproval";
const idleTimeoutMs = 1_000;

it("[A1.12] the idle limit pauses while a person decides about an approval, and counts again after the decision", async () => {
  const thinking = createDeferred<ServerRequestAnswer>();
  const closed = createDeferred<undefined>();
  const answers: ServerRequestAnswer[] = [];
  const request = { id: 1, method, params: {}, threadId: "thread-1" };
  const asking: TurnMessage = { kind: "request", request, respond: (answer) => void answers.push(answer) };
  const turn = createExecution({
    answer: () => thinking.promise,
    connection: turnOf([[event(started())], [event(begin(message("m1", ""))), asking]], closed),
  });
  turn.begin();
  await vi.advanceTimersByTimeAsync(100 * idleTimeoutMs);
  expect([turn.status, answers]).toEqual(["running", []]);
  thinking.resolve({ kind: "result", result: { decision: "accept" } });
  await vi.advanceTimersByTimeAsync(idleTimeoutMs - 1);
  expect([turn.status, answers.length]).toEqual(["running", 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await turn.done).toMatchObject({ stop: { kind: "timeout", limit: "idleTimeoutMs" } });
});

it("[A1.12] leaves no timer behind if the turn ends in time", async () => {
  const closed = createDeferred<undefined>();
  const connection = turnOf([[event(started())], [event(ended())]], closed);
  closed.resolve(undefined);
  const turn = createExecution({ answer: () => new Promise(() => undefined), connection });
  turn.begin();
  expect(await turn.done).toMatchObject({ stop: null, error: null, result: { status: "completed" } });
  expect(vi.getTimerCount()).toBe(0);
});

function createExecution(parts: {
  readonly answer: TurnThread["answer"];
  readonly connection: TurnConnection;
}): TurnExecution {
  const thread: TurnThread = {
    shared: new SharedThreads().open({ threadId: "thread-1", usageBaseline: "none", storedTools: {} }),
    closed: new AbortController().signal,
    closedBy: "thread",
    pushesBack: false,
    connect: () => Promise.resolve(parts.connection),
    answer: parts.answer,
    track: () => undefined,
    recordEnd: () => undefined,
  };
  return new TurnExecution(thread, {
    input: [],
    overrides: {},
    parser: null,
    signal: null,
    whenBusy: "queue",
    limits: { timeoutMs: null, idleTimeoutMs },
    context: undefined,
    attempt: 1,
  });
}

/** Returns a turn that yields the batches and then waits until it is closed. */
function turnOf(
  batches: readonly (readonly TurnMessage[])[],
  closed: { readonly promise: Promise<undefined>; resolve(value: undefined): void },
): TurnConnection {
  const stop = (): Promise<void> => {
    closed.resolve(undefined);
    return Promise.resolve();
  };
  async function* messages(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    yield* batches;
    await closed.promise;
  }
  return {
    messages: messages(),
    steer: () => Promise.resolve(),
    interrupt: stop,
    close: stop,
  };
}

function event(given: ReturnType<typeof started>): TurnMessage {
  return { kind: "event", event: given };
}
