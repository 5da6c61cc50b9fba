import { describe, expect, it } from "vitest";
import { createDeferred } from "../../../../src/internal/deferred.js";
import type { ServerRequestAnswer, ThreadEvent } from "../../../../src/protocol/index.js";
import { type RunTurnOptions, runTurn } from "../../../../src/thread/turn/run-turn.js";
import type { TurnConnection, TurnMessage } from "../../../../src/transport/transport.js";
import { runOf } from "../../transport/run-of.js";
import { ended, started } from "../events.js";

const method = "item/commandExecution/requestApproval";
const accept: ServerRequestAnswer = { kind: "result", result: { decision: "accept" } };

const run = (connection: TurnConnection, options: Omit<RunTurnOptions, "item" | "stop">): Promise<void> =>
  runTurn(connection, { item: () => null, stop: () => undefined, ...options });

describe("runTurn", () => {
  it("emits events in order while an answer is pending", async () => {
    const thinking = createDeferred<ServerRequestAnswer>();
    const asked = request(1);
    const seen: string[] = [];
    const emit: RunTurnOptions["emit"] = (events) => seen.push(...events.map(({ type }) => type));
    const running = run(
      turn([[event(started()), asked.message], [event(started())], asked.answered, [event(ended())]]),
      {
        emit,
        answer: () => {
          // The second batch is on its way while this is pending.
          setImmediate(() => {
            expect(seen).toEqual(["turn.started", "turn.started"]);
            thinking.resolve(accept);
          });
          return thinking.promise;
        },
      },
    );
    await running;
    expect(seen).toEqual(["turn.started", "turn.started", "turn.completed"]);
    expect(asked.answers).toEqual([accept]);
  });

  it("[A1.23] refuses the request and emits an event if the handler throws or rejects, and the turn continues", async () => {
    for (const answer of [
      () => Promise.reject(new Error("secret")),
      () => {
        throw new Error("secret");
      },
    ]) {
      const asked = request(7);
      const emitted: ThreadEvent[] = [];
      await run(turn([[asked.message], asked.answered, [event(ended())]]), {
        emit: (events) => emitted.push(...events),
        answer,
      });
      expect(asked.answers).toEqual([{ kind: "result", result: { decision: "decline" } }]);
      expect(emitted.map(({ type }) => type)).toEqual(["codexkit.request.refused", "turn.completed"]);
      expect(emitted[0]).toMatchObject({ method, requestId: 7 });
      expect(JSON.stringify(emitted)).not.toContain("secret");
    }
  });

  it("[A1.22] does not wait for a handler that never answers, and aborts its signal at the end", async () => {
    const asked = request(1);
    let signal: AbortSignal | undefined;
    await run(turn([[asked.message], [event(ended())]]), {
      emit: () => undefined,
      answer: (_, context) => {
        ({ signal } = context);
        return new Promise(() => undefined);
      },
    });
    expect(signal?.aborted).toBe(true);
    expect(asked.answers).toHaveLength(1);
  });

  it("[A2.6] aborts the handler's signal when codex withdraws the request, and emits the handler's last event first", async () => {
    const asked = request(3);
    const withdrawn: ThreadEvent = { type: "serverRequest.resolved", threadId: "thread-1", turnId: null, requestId: 3 };
    const emitted: string[] = [];
    const reasons = createDeferred<undefined>();
    await run(turn([[asked.message], [event(withdrawn)], reasons.promise, [event(ended())]]), {
      emit: (events) => emitted.push(...events.map(({ type }) => type)),
      answer: (_, { signal, emit }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            emit(started());
            reasons.resolve(undefined);
          });
        }),
    });
    expect(emitted).toEqual(["turn.started", "serverRequest.resolved", "turn.completed"]);
  });

  it("[A2.6] emits the last event of a pending handler before the terminal event", async () => {
    const asked = request(4);
    const emitted: string[] = [];
    await run(turn([[asked.message], [event(ended())]]), {
      emit: (events) => emitted.push(...events.map(({ type }) => type)),
      answer: (_, { signal, emit }) =>
        new Promise(() => {
          signal.addEventListener("abort", () => {
            emit(started());
          });
        }),
    });
    expect(emitted).toEqual(["turn.started", "turn.completed"]);
    expect(asked.answers).toHaveLength(1);
  });

  it("[A2.6] refuses a request after the end of the turn without calling the handler", async () => {
    const [same, later] = [request(5), request(6)];
    const emitted: string[] = [];
    await run(turn([[event(ended()), same.message], [later.message]]), {
      emit: (events) => emitted.push(...events.map(({ type }) => type)),
      answer: () => Promise.reject(new Error("must not be called")),
    });
    expect(emitted).toEqual(["turn.completed"]);
    const refused = [{ kind: "result", result: { decision: "decline" } }];
    expect([same.answers, later.answers]).toEqual([refused, refused]);
  });

  it("reports the number of pending requests", async () => {
    const counts: number[] = [];
    const [first, second] = [request(1), request(2)];
    await run(turn([[first.message, second.message], first.answered, second.answered, [event(ended())]]), {
      emit: () => undefined,
      onWaiting: (count) => counts.push(count),
      answer: () => Promise.resolve(accept),
    });
    expect(counts).toEqual([1, 2, 1, 0]);
  });

  it("rejects if the turn ends without its terminal event, after it has answered the pending requests", async () => {
    const asked = request(1);
    async function* messages(): AsyncGenerator<readonly TurnMessage[]> {
      yield [asked.message];
      throw new Error("the process died");
    }
    const connection = { ...turn([]), run: runOf(messages()) };
    const running = run(connection, { emit: () => undefined, answer: () => new Promise(() => undefined) });
    await expect(running).rejects.toThrow("the process died");
    expect(asked.answers).toHaveLength(1);
  });
});

type Step = readonly TurnMessage[] | Promise<unknown>;

function turn(steps: readonly Step[]): TurnConnection {
  async function* messages(): AsyncGenerator<readonly TurnMessage[]> {
    for (const step of steps) {
      if (step instanceof Promise) await step;
      else yield step;
    }
  }
  const nothing = (): Promise<void> => Promise.resolve();
  return { run: runOf(messages()), steer: nothing, interrupt: nothing, close: nothing };
}

function event(value: ThreadEvent): TurnMessage {
  return { kind: "event", event: value };
}

function request(id: number) {
  const answers: ServerRequestAnswer[] = [];
  const answered = createDeferred<undefined>();
  const message: TurnMessage = {
    kind: "request",
    request: { id, method, params: null, threadId: "thread-1" },
    respond: (answer) => {
      answers.push(answer);
      answered.resolve(undefined);
    },
  };
  return { answers, message, answered: answered.promise };
}
