import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createDeferred } from "../../../src/internal/deferred.js";
import type { ServerRequestAnswer } from "../../../src/protocol/index.js";
import { ThreadLine } from "../../../src/thread/shared-thread.js";
import { TurnEngine } from "../../../src/thread/turn/turn-execution.js";
import type { TurnEngineOptions, TurnHost } from "../../../src/thread/turn/turn-engine-options.js";
import type { TurnConnection, TurnMessage } from "../../../src/transport/transport.js";
import { begin, ended, message, started } from "./events.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const method = "item/commandExecution/requestApproval";
const idleTimeoutMs = 1_000;

it("[A1.12] a person who thinks about an approval is no silence; once they have answered, silence is", async () => {
  const thinking = createDeferred<ServerRequestAnswer>();
  const closed = createDeferred<undefined>();
  const answers: ServerRequestAnswer[] = [];
  const request = { id: 1, method, params: {}, threadId: "thread-1" };
  const asking: TurnMessage = { kind: "request", request, respond: (answer) => void answers.push(answer) };
  const engine = createEngine({
    answer: () => thinking.promise,
    connection: turnOf([[event(started())], [event(begin(message("m1", ""))), asking]], closed),
  });
  engine.begin();
  await vi.advanceTimersByTimeAsync(100 * idleTimeoutMs);
  expect([engine.status, answers]).toEqual(["running", []]);
  thinking.resolve({ kind: "result", result: { decision: "accept" } });
  await vi.advanceTimersByTimeAsync(idleTimeoutMs - 1);
  expect([engine.status, answers.length]).toEqual(["running", 1]);
  await vi.advanceTimersByTimeAsync(1);
  expect(await engine.done).toMatchObject({ stop: { kind: "timeout", limit: "idleTimeoutMs" } });
});

it("[A1.12] a turn that ends in time leaves no timer behind", async () => {
  const closed = createDeferred<undefined>();
  const connection = turnOf([[event(started())], [event(ended())]], closed);
  closed.resolve(undefined);
  const engine = createEngine({ answer: () => new Promise(() => undefined), connection });
  engine.begin();
  expect(await engine.done).toMatchObject({ stop: null, error: null, result: { status: "completed" } });
  expect(vi.getTimerCount()).toBe(0);
});

function createEngine(parts: {
  readonly answer: TurnEngineOptions["answer"];
  readonly connection: TurnConnection;
}): TurnEngine {
  const host: TurnHost = {
    line: new ThreadLine({ usageBaseline: "none", storedTools: {} }),
    threadId: "thread-1",
    pushesBack: false,
    heard: () => undefined,
    ended: () => undefined,
  };
  return new TurnEngine({
    host,
    answer: parts.answer,
    onBegin: () => undefined,
    open: () => Promise.resolve(parts.connection),
    input: [],
    whenBusy: "queue",
    signal: null,
    limits: { timeoutMs: null, idleTimeoutMs },
  });
}

/** A turn that says this, and then nothing until it is closed. */
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

function event(told: ReturnType<typeof started>): TurnMessage {
  return { kind: "event", event: told };
}
