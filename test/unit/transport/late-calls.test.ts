import { describe, expect, it } from "vitest";
import { refuseServerRequest, type ServerRequestAnswer } from "../../../src/protocol/index.js";
import type { ServedToolCall, ToolEndpointOptions, ToolServer } from "../../../src/tools/tool-server.js";
import type { ToolDefinition } from "../../../src/tools/tool-definition.js";
import { AppServerTools } from "../../../src/transport/app-server/app-server-tools.js";
import { EventRouter } from "../../../src/transport/app-server/event-router.js";
import { LoadedThreads } from "../../../src/transport/app-server/loaded-threads.js";
import { ExecTools, TurnTools } from "../../../src/transport/exec/exec-tools.js";
import { createLazyToolServer } from "../../../src/transport/lazy-tool-server.js";
import type { TurnMessage } from "../../../src/transport/transport.js";
import { ended } from "../thread/events.js";

const definition: ToolDefinition = { name: "a", namespace: null, description: "A", inputSchema: { type: "object" } };
const tools = { definitions: () => [definition], stored: "unknown" } as const;
const refused = { success: false };

it("[A2.6] refuses a request that a turn has not read when it stops reading", () => {
  const router = new EventRouter();
  const route = router.subscribe("thread-1");
  const answers: ServerRequestAnswer[] = [];
  const method = "item/commandExecution/requestApproval";
  const request = { id: 1, method, params: {}, threadId: "thread-1" };
  expect(router.route("thread-1", { kind: "request", request, respond: (answer) => answers.push(answer) })).toBe(true);
  route.close();
  expect(answers).toEqual([refuseServerRequest(method)]);
});

describe("a call at the tool server that arrives too late for its turn", () => {
  it("[A2.6] is refused on exec, after the turn's end and while codex exits", async () => {
    const { createServer, call } = listening();
    const turn = new TurnTools(new ExecTools(tools, createLazyToolServer(createServer), true), () => "thread");
    await turn.serve();
    const answers: Promise<unknown>[] = [];
    for await (const batch of turn.join(lines([{ kind: "event", event: ended() }]))) {
      if (answers.length < 2) answers.push(call());
      for (const said of batch) if (said.kind === "request") said.respond(refuseServerRequest(said.request.method));
    }
    answers.push(call());
    expect(await Promise.all(answers)).toEqual(answers.map((): unknown => expect.objectContaining(refused)));
    expect(answers).toHaveLength(3);
    await turn.end();
  });

  it("[A2.6] is refused on the app-server if its turn stopped reading before the call", async () => {
    const { createServer, call } = listening();
    const served = new AppServerTools(tools, createServer);
    const unloader = { isAtWork: () => Promise.resolve(false), unsubscribe: () => Promise.resolve() };
    const connection = { router: new EventRouter(), threads: new LoadedThreads(unloader) };
    await served.toResume({ connection, threadId: "thread" }, {});
    const route = connection.router.subscribe("thread");
    const unread = call();
    route.close();
    served.refuseCalls();
    expect(await unread).toMatchObject(refused);
    expect(await call()).toMatchObject(refused);
  });
});

async function* lines(...batches: TurnMessage[][]): AsyncGenerator<readonly TurnMessage[], void> {
  for (const batch of batches) yield await Promise.resolve(batch);
}

/** A tool server without a port: the test calls its tools. */
function listening() {
  let options: ToolEndpointOptions | null = null;
  const serving: ToolServer = {
    serve: (given) => {
      options = given;
      return Promise.resolve({ url: "", token: "", close: () => Promise.resolve() });
    },
    close: () => Promise.resolve(),
  };
  const { signal } = new AbortController();
  const ids = { threadId: null, parentThreadId: null, turnId: null, callId: null };
  const given: ServedToolCall = { definition, arguments: {}, ...ids, signal };
  return { createServer: () => Promise.resolve(serving), call: async () => options?.call(given) };
}
