import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createApprover } from "../../../../src/approvals/approver.js";
import { InterruptionRegistry } from "../../../../src/approvals/interruptions.js";
import { deny } from "../../../../src/approvals/rules/approval-rule.js";
import { createDeferred } from "../../../../src/internal/deferred.js";
import type { JsonObject } from "../../../../src/internal/json.js";
import type { ServerRequestAnswer, ThreadEvent, ThreadItem } from "../../../../src/protocol/index.js";
import { answerRequest } from "../../../../src/requests/answer-request.js";
import { SharedThreads } from "../../../../src/thread/shared-thread.js";
import { TurnExecution } from "../../../../src/thread/turn/turn-execution.js";
import type { TurnThread } from "../../../../src/thread/turn/turn-thread.js";
import type { TurnConnection, TurnMessage } from "../../../../src/transport/transport.js";
import { runOf } from "../../transport/run-of.js";
import { begin, command, ended, finish, message, started } from "../events.js";
import { useFakeTimers, useRealTimers } from "../../internal/time/fake-timers.js";

beforeEach(() => useFakeTimers());
afterEach(() => useRealTimers());

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
  await vi.advanceTimersByTimeAsync(2);
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

const patch: ThreadItem = {
  type: "fileChange",
  id: "i1",
  changes: [{ path: "/work/a", kind: { type: "add" }, diff: "x" }],
  status: "inProgress",
};
const call: ThreadItem = {
  type: "mcpToolCall",
  id: "i1",
  server: "s",
  tool: "add",
  arguments: {},
  status: "inProgress",
};
const ids = { threadId: "thread-1", turnId: "turn-1" };
const approvalOfTool = {
  serverName: "s",
  mode: "form",
  message: "?",
  requestedSchema: { type: "object", properties: {} },
  _meta: { codex_approval_kind: "mcp_tool_call", tool_name: "add", tool_params: {} },
};
const declined: readonly (readonly [string, string, ThreadItem, JsonObject])[] = [
  ["command", method, command("i1"), { command: "ls", cwd: "/" }],
  ["patch", "item/fileChange/requestApproval", patch, {}],
  ["MCP call", "mcpServer/elicitation/request", call, approvalOfTool],
];
const signs: readonly (readonly [string, (item: ThreadItem) => readonly ThreadEvent[]])[] = [
  ["starts", (item) => [finish({ ...item, status: "declined" } as ThreadItem), begin(item)]],
  [
    "writes output",
    (item) => [{ type: outputOf[item.type] ?? "", ...ids, itemId: item.id, delta: "x", message: "x" } as ThreadEvent],
  ],
  ["completes", (item) => [finish({ ...item, status: "completed" } as ThreadItem)]],
];
const outputOf: Readonly<Record<string, string>> = {
  commandExecution: "item.commandExecution.outputDelta",
  fileChange: "item.fileChange.outputDelta",
  mcpToolCall: "item.mcpToolCall.progress",
};
const agent = { threadId: "thread-2", parentThreadId: "thread-1", agentPath: "/root/kid" };
const origins = [["", undefined] as const, [" of a sub-agent", agent] as const];
const cases = origins.flatMap(([whose, origin]) =>
  declined.flatMap(([name, ...rest]) =>
    signs.map(([sign, events]) => [`${name}${whose} ${sign}`, origin, events, ...rest] as const),
  ),
);

it.each(cases)("[T2] ends the turn at once if a declined %s", async (_title, origin, events, asks, item, params) => {
  const { threadId } = origin ?? { threadId: "thread-1" };
  const by = (given: ThreadEvent): TurnMessage =>
    origin === undefined ? event(given) : { ...event({ ...given, threadId }), agent: origin };
  const closed = createDeferred<undefined>();
  const sent = createDeferred<undefined>();
  const request = {
    id: 1,
    method: asks,
    params: { ...ids, threadId, itemId: "i1", startedAtMs: 1, ...params },
    threadId,
    ...(origin === undefined ? {} : { agent: origin }),
  };
  const asking: TurnMessage = { kind: "request", request, respond: () => sent.resolve(undefined) };
  const approver = createApprover({ onApproval: deny(), interruptions: new InterruptionRegistry() });
  async function* messages(): AsyncGenerator<readonly TurnMessage[], void, undefined> {
    yield [event(started()), by(begin(item)), asking];
    await sent.promise;
    yield events(item).map(by);
    await closed.promise;
  }
  const stop = () => {
    closed.resolve(undefined);
    return Promise.resolve();
  };
  const connection = { run: runOf(messages()), steer: () => Promise.resolve(), interrupt: stop, close: stop };
  const answer: TurnThread["answer"] = (given, turn) =>
    answerRequest(
      given,
      { ...turn, context: null, attempt: 1, workingDirectory: "/" },
      { tools: null, approver, context: null, logger: null },
    );
  const turn = createExecution({ answer, connection });
  const seen: string[] = [];
  void (async () => {
    for await (const { type } of turn.stream) seen.push(type);
  })().catch(() => undefined);
  await vi.advanceTimersByTimeAsync(100);
  expect(await turn.done).toMatchObject({
    stop: { kind: "refused" },
    failure: { code: "APPROVAL_VIOLATED", threadId, itemId: "i1", violation: "started" },
  });
  expect(seen.filter((type) => type === "codexkit.approval.violated")).toHaveLength(1);
});

function createExecution(parts: {
  readonly answer: TurnThread["answer"];
  readonly connection: TurnConnection;
}): TurnExecution {
  const thread: TurnThread = {
    shared: new SharedThreads().open({ threadId: "thread-1", usageBaseline: "none", storedTools: {} }),
    closed: new AbortController().signal,
    closedBy: "thread",
    policy: null,
    pushesBack: false,
    connect: () => Promise.resolve(parts.connection),
    answer: parts.answer,
    track: () => undefined,
    lead: () => undefined,
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
    run: runOf(messages()),
    steer: () => Promise.resolve(),
    interrupt: stop,
    close: stop,
  };
}

function event(given: ThreadEvent): Extract<TurnMessage, { kind: "event" }> {
  return { kind: "event", event: given };
}
