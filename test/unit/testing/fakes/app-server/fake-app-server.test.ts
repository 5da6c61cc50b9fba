import { existsSync } from "node:fs";
import { describe, expect, onTestFinished, test } from "vitest";
import type { JsonObject } from "../../../../../src/internal/json.js";
import {
  addFile,
  createFakeAppServer,
  die,
  doubleReply,
  errorReply,
  fail,
  functionCall,
  gate,
  lateReply,
  line,
  message,
  noReply,
  notify,
  overtakenReply,
  patch,
  reply,
  respond,
  ScriptError,
  serverRequest,
  shell,
  stall,
  stderr,
  usage,
  usualReply,
  type FakeAppServer,
} from "../../../../../src/testing/index.js";
import { newestCodex } from "../../../../../src/testing/fakes/newest-codex.js";
import { pick, pickText, RpcClient } from "../../start-program.js";

describe("a turn of the fake app-server", () => {
  test("emits its notifications in codex's order, after the usual answers to the client's requests [A0.3]", async () => {
    await using server = await createFakeAppServer([
      respond(
        message("Looking.", { phase: "commentary" }),
        shell("ls", { output: "a\n" }),
        usage({ input: 10, output: 1 }),
      ),
      respond(message("Done.", { id: "m", deltas: 3 }), usage({ input: 20, cached: 5, output: 2, reasoning: 1 })),
    ]);
    const client = await connect(server);
    expect(pick(client.messages[0], "result", "userAgent")).toMatch(new RegExp(`^test/${newestCodex.version} \\(`));
    const threadId = await client.startThread({ cwd: "/w" });
    const turnId = await client.startTurn(threadId, "list the files");
    const completed = await client.next("turn/completed");
    expect(methodsOf(client)).toEqual([
      "thread/started",
      "thread/status/changed",
      "turn/started",
      "item/started userMessage",
      "item/completed userMessage",
      "item/started agentMessage",
      "item/agentMessage/delta",
      "item/completed agentMessage",
      "item/started commandExecution",
      "item/commandExecution/outputDelta",
      "item/completed commandExecution",
      "thread/tokenUsage/updated",
      "item/started agentMessage",
      "item/agentMessage/delta",
      "item/agentMessage/delta",
      "item/completed agentMessage",
      "thread/tokenUsage/updated",
      "thread/status/changed",
      "turn/completed",
    ]);
    expect(completed).toMatchObject({
      params: { threadId, turn: { id: turnId, status: "completed", items: [{ id: "m", text: "Done." }] } },
    });
    const usages = client.messages.filter(({ method }) => method === "thread/tokenUsage/updated");
    expect(usages.at(-1)).toMatchObject({
      params: {
        tokenUsage: {
          total: { totalTokens: 33, inputTokens: 30, cachedInputTokens: 5, outputTokens: 3 },
          last: { totalTokens: 22, inputTokens: 20, outputTokens: 2, reasoningOutputTokens: 1 },
        },
      },
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["initialize", "thread/start", "turn/start"]);
    expect(server.notifications.map(({ method }) => method)).toEqual(["initialized"]);
    expect(server.modelRequests.map(({ userText }) => userText)).toEqual(["list the files", "list the files"]);
    expect(server.modelRequests[1]?.outputs.at(-1)?.text).toContain("a\n");
  });

  test("that fails reports codex's error information", async () => {
    await using server = await createFakeAppServer([fail(401), fail(429)]);
    const client = await connect(server);
    const threadId = await client.startThread();
    await client.startTurn(threadId, "x");
    expect(await client.next("error")).toMatchObject({
      params: { willRetry: false, error: { codexErrorInfo: { httpConnectionFailed: { httpStatusCode: 401 } } } },
    });
    expect(await client.next("turn/completed")).toMatchObject({ params: { turn: { status: "failed", items: [] } } });
    await client.startTurn(threadId, "y");
    expect(await client.next("turn/completed")).toMatchObject({
      params: { turn: { error: { codexErrorInfo: { responseTooManyFailedAttempts: { httpStatusCode: 429 } } } } },
    });
  });

  test("can be interrupted; its command continues until the background terminals are cleaned", async () => {
    await using server = await createFakeAppServer([respond(shell("sleep 9", { hold: stall() }), stall())]);
    const client = await connect(server);
    const threadId = await client.startThread();
    const turnId = await client.startTurn(threadId, "x");
    await client.next("item/started");
    await client.next("item/started");
    expect(await client.call("turn/interrupt", { threadId, turnId })).toMatchObject({ result: {} });
    expect(await client.next("turn/completed")).toMatchObject({ params: { turn: { status: "interrupted" } } });
    expect(await client.call("turn/interrupt", { threadId, turnId })).toMatchObject({
      error: { code: -32600, message: "no active turn to interrupt" },
    });
    const listed = await client.call("thread/backgroundTerminals/list", { threadId });
    expect(listed).toMatchObject({ result: { data: [{ command: "/bin/bash -lc 'sleep 9'" }] } });
    await client.call("thread/backgroundTerminals/clean", { threadId });
    expect(await client.next("item/completed")).toMatchObject({
      params: { turnId, item: { type: "commandExecution", status: "failed", exitCode: -1 } },
    });
    const cleaned = await client.call("thread/backgroundTerminals/list", { threadId });
    expect(cleaned).toMatchObject({ result: { data: [] } });
  });

  test("can be steered: the response is cut, and the next model request contains the new input", async () => {
    const held = gate();
    await using server = await createFakeAppServer([
      respond(message("first", { deltas: ["fi", held, "rst"] })),
      respond(message("second")),
    ]);
    const client = await connect(server);
    const threadId = await client.startThread();
    const turnId = await client.startTurn(threadId, "one");
    await held.reached;
    const input = [{ type: "text", text: "two" }];
    const wrong = await client.call("turn/steer", { threadId, expectedTurnId: "other", input });
    expect(wrong).toMatchObject({ error: { message: `expected active turn id other but found ${turnId}` } });
    const steered = await client.call("turn/steer", { threadId, expectedTurnId: turnId, input });
    expect(steered).toMatchObject({ result: { turnId } });
    await client.next("turn/completed");
    expect(methodsOf(client).filter((name) => name.endsWith("Message"))).toEqual([
      "item/started userMessage",
      "item/completed userMessage",
      "item/started agentMessage",
      "item/started userMessage",
      "item/completed userMessage",
      "item/started agentMessage",
      "item/completed agentMessage",
    ]);
    expect(server.modelRequests[1]?.userTexts).toEqual(["one", "two"]);
  });

  test("requests approvals, which can be accepted, declined or cancelled", async () => {
    await using server = await createFakeAppServer([
      respond(shell("touch x", { escalate: true, justification: "May I?" })),
      respond(message("accepted")),
      respond(patch([addFile("a", "hi\n")])),
      respond(message("declined")),
      respond(shell("touch x", { escalate: true })),
    ]);
    const client = await connect(server);
    let decision = "accept";
    client.answer = () => ({ decision });
    const threadId = await client.startThread({ approvalPolicy: "on-request", sandbox: "read-only" });
    await client.startTurn(threadId, "1");
    expect(await client.next("item/commandExecution/requestApproval")).toMatchObject({
      params: { reason: "May I?", command: "/bin/bash -lc 'touch x'" },
    });
    await client.next("serverRequest/resolved");
    expect(await client.next("item/completed")).toMatchObject({ params: { item: { status: "completed" } } });
    await client.next("turn/completed");
    decision = "decline";
    await client.startTurn(threadId, "2");
    await client.next("item/fileChange/requestApproval");
    expect(await client.next("item/completed")).toMatchObject({ params: { item: { status: "declined" } } });
    await client.next("turn/completed");
    decision = "cancel";
    await client.startTurn(threadId, "3");
    expect(await client.next("turn/completed")).toMatchObject({ params: { turn: { status: "interrupted" } } });
    expect(server.answers.map(({ method, result }) => [method, result])).toEqual([
      ["item/commandExecution/requestApproval", { decision: "accept" }],
      ["item/fileChange/requestApproval", { decision: "decline" }],
      ["item/commandExecution/requestApproval", { decision: "cancel" }],
    ]);
  });

  test("calls dynamic tools of the client in parallel", async () => {
    await using server = await createFakeAppServer([
      respond(functionCall("add", { a: 1 }), functionCall("lookup", {}, { namespace: "crm" }), functionCall("none")),
      respond(message("done")),
    ]);
    const client = await connect(server);
    client.answer = (_method, params) => ({
      contentItems: [{ type: "inputText", text: `from ${pickText(params, "tool")}` }],
      success: pick(params, "tool") === "add",
    });
    const tool = (name: string): JsonObject => ({ type: "function", name, description: "", inputSchema: {} });
    const namespace = { type: "namespace", name: "crm", description: "", tools: [tool("lookup")] };
    const threadId = await client.startThread({ dynamicTools: [tool("add"), namespace] });
    await client.startTurn(threadId, "x");
    await client.next("turn/completed");
    const items = client.messages.map((sent) => pick(sent, "params", "item"));
    expect(items.filter((item) => pick(item, "success") !== undefined && pick(item, "success") !== null)).toMatchObject(
      [
        { tool: "add", status: "completed", success: true },
        { tool: "lookup", namespace: "crm", status: "failed", success: false },
      ],
    );
    const outputs = server.modelRequests[1]?.outputs.map(({ text }) => text);
    expect(new Set(outputs)).toEqual(new Set(["from add", "from lookup", "unsupported call: none"]));
  });

  test("sends the scripted requests, notifications, invalid lines and stderr", async () => {
    await using server = await createFakeAppServer([
      respond(
        serverRequest("item/tool/requestUserInput", (turn) => ({ ...turn, itemId: "i", questions: [] })),
        notify("warning", ({ threadId }) => ({ threadId, message: "careful" })),
        line("not json"),
        stderr("oops\n"),
        message("done"),
      ),
    ]);
    const client = await connect(server);
    client.answer = () => ({ answers: {} });
    const threadId = await client.startThread();
    await client.startTurn(threadId, "x");
    expect(await client.next("warning")).toMatchObject({ params: { threadId, message: "careful" } });
    await client.next("turn/completed");
    expect(client.messages).toContainEqual({ garbage: "not json" });
    expect(server.answers).toMatchObject([{ method: "item/tool/requestUserInput", result: { answers: {} } }]);
    server.notify("configWarning", { summary: "s", details: null });
    expect(await client.next("configWarning")).toMatchObject({ params: { summary: "s" } });
    client.child.stdin.end();
    expect(await client.exited).toMatchObject({ code: 0, stderr: "oops\n" });
  });
});

describe("the fake app-server's replies", () => {
  test("can be errors, and can be missing, late, doubled or after their notifications", async () => {
    const held = gate();
    await using server = await createFakeAppServer([
      respond(message("1")),
      respond(message("2")),
      respond(message("3")),
    ]);
    const client = await connect(server);
    server.intercept("thread/start", errorReply(-32001, "Server overloaded; retry later."), usualReply());
    expect(await client.call("thread/start")).toMatchObject({ error: { code: -32001 } });
    const threadId = await client.startThread();
    server.intercept("turn/start", overtakenReply(), lateReply(held), doubleReply(), noReply());
    await client.startTurn(threadId, "one");
    const [started, answered] = [indexOf(client, "turn/started"), client.messages.findIndex(isTurnResponse)];
    expect(started).toBeLessThan(answered);
    await client.next("turn/completed");
    const late = client.startTurn(threadId, "two");
    await held.reached;
    expect(client.messages.filter(isTurnResponse)).toHaveLength(1);
    held.open();
    await late;
    await client.next("turn/completed");
    await client.startTurn(threadId, "three");
    await client.next("turn/completed");
    expect(client.messages.filter(isTurnResponse)).toHaveLength(4);
    void client.startTurn(threadId, "never");
    server.intercept(
      "thread/list",
      reply({ data: [] }),
      reply((params) => ({ data: [params["limit"] ?? null] })),
    );
    expect(await client.call("thread/list")).toMatchObject({ result: { data: [] } });
    expect(await client.call("thread/list", { limit: 3 })).toMatchObject({ result: { data: [3] } });
    expect(client.messages.filter(isTurnResponse)).toHaveLength(4);
  });

  test("are codex's own errors if a request is out of order or names an unknown thread", async () => {
    await using server = await createFakeAppServer();
    const client = new RpcClient(server.codexPathOverride);
    expect(await client.call("model/list")).toMatchObject({ error: { code: -32600, message: "Not initialized" } });
    await client.open();
    expect(await client.open()).toMatchObject({ error: { message: "Already initialized" } });
    const threadId = "01a20670-6b18-7f80-92f9-c7bab1a969a6";
    expect(await client.call("thread/resume", { threadId })).toMatchObject({
      error: { message: `no rollout found for thread id ${threadId}` },
    });
    expect(await client.call("turn/start", { threadId, input: [] })).toMatchObject({
      error: { message: `thread not found: ${threadId}` },
    });
  });

  test("to the account's methods leave the API key out of the recorded requests", async () => {
    await using server = await createFakeAppServer();
    const client = await connect(server);
    expect(await client.call("account/login/start", { type: "apiKey", apiKey: "sk-secret" })).toMatchObject({
      result: { type: "apiKey" },
    });
    expect(await client.call("account/read")).toMatchObject({ result: { account: { type: "apiKey" } } });
    expect(await client.call("model/list")).toMatchObject({ result: { data: [{ isDefault: true }, {}] } });
    expect(await client.call("config/read")).toMatchObject({ result: { config: {} } });
    expect(await client.call("account/logout")).toMatchObject({ result: {} });
    expect(JSON.stringify(server.requests)).not.toContain("sk-secret");
  });
});

describe("the fake app-server's processes", () => {
  test("share their threads, so that a test can restart the server", async () => {
    await using server = await createFakeAppServer([
      respond(message("one"), usage({ input: 10 })),
      respond(die({ signal: "SIGKILL" }), message("never")),
      respond(message("two"), usage({ input: 5 })),
    ]);
    const first = await connect(server);
    const settings = { sandbox: "workspace-write", model: "gpt-5.5" };
    const threadId = await first.startThread(settings);
    await first.startTurn(threadId, "1");
    await first.next("turn/completed");
    await first.startTurn(threadId, "2");
    expect(await first.exited).toMatchObject({ code: null, signal: "SIGKILL" });

    const second = await connect(server);
    expect(await second.call("turn/start", { threadId, input: [] })).toMatchObject({ error: { code: -32600 } });
    const resumed = await second.call("thread/resume", { threadId });
    expect(resumed).toMatchObject({ result: { model: "gpt-5.5", sandbox: { type: "readOnly" } } });
    expect(await second.next("thread/tokenUsage/updated")).toMatchObject({
      params: { tokenUsage: { total: { totalTokens: 10 } } },
    });
    await second.startTurn(threadId, "3");
    await second.next("turn/completed");
    expect(server.modelRequests.at(-1)?.userTexts).toEqual(["1", "2", "3"]);
    const forked = await second.call("thread/fork", { threadId, sandbox: "workspace-write" });
    expect(forked).toMatchObject({
      result: { thread: { forkedFromId: threadId }, model: newestCodex.model, sandbox: { type: "workspaceWrite" } },
    });
    expect(await second.call("thread/unsubscribe", { threadId })).toMatchObject({ result: { status: "unsubscribed" } });
    expect(server.requests.map(({ process }) => process)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 1]);
    expect(server.processes).toHaveLength(2);
  });

  test("end at the end of stdin, on SIGTERM and on kill()", async () => {
    await using server = await createFakeAppServer();
    const [first, second, third] = [await connect(server), await connect(server), await connect(server)];
    first.child.stdin.end();
    expect(await first.exited).toMatchObject({ code: 0 });
    second.child.kill("SIGTERM");
    expect(await second.exited).toMatchObject({ code: 0 });
    await server.kill();
    expect(await third.exited).toMatchObject({ signal: "SIGKILL" });
  });

  test("continue after an event that the option `ignore` lists, until close()", async () => {
    const server = await createFakeAppServer([], { ignore: ["stdinEnd", "SIGTERM"] });
    const client = await connect(server);
    client.child.kill("SIGTERM");
    await expect.poll(() => server.processes[0]?.signals).toEqual(["SIGTERM"]);
    client.child.stdin.end();
    await server.close();
    expect(await client.exited).toMatchObject({ code: 70 });
    expect(existsSync(server.codexPathOverride)).toBe(false);
  });
});

describe("the fake app-server rejects", () => {
  test("after unexpected methods and model requests, and after unused steps and replies [A0.3]", async () => {
    await using server = await createFakeAppServer();
    const client = await connect(server);
    expect(await client.call("thread/list")).toMatchObject({ error: { code: -32600 } });
    client.child.stdin.write("no json\n");
    const threadId = await client.startThread();
    await client.startTurn(threadId, "hello");
    expect(await client.next("turn/completed")).toMatchObject({
      params: { turn: { status: "failed", error: { message: "no step is left in the script" } } },
    });
    server.add(respond(message("unused")));
    server.intercept("turn/start", noReply());
    const error: unknown = await server.assertDone().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScriptError);
    expect(error).toMatchObject({
      unexpected: ["request thread/list", `model request 1, which ends with the user's "hello"`],
      unused: [`respond(message "unused")`, `reply "none" to turn/start`],
      violations: ["the client sent no JSON object: no json"],
    });
  });
});

async function connect(server: FakeAppServer): Promise<RpcClient> {
  const client = new RpcClient(server.codexPathOverride);
  onTestFinished(() => void client.child.kill("SIGKILL"));
  await client.open();
  return client;
}

/** Returns the methods of the notifications in order, for items with the item's type. */
function methodsOf(client: RpcClient): string[] {
  return client.messages.flatMap((sent) => {
    if (typeof sent["method"] !== "string") return [];
    const type = pick(sent, "params", "item", "type");
    return [typeof type === "string" ? `${sent["method"]} ${type}` : sent["method"]];
  });
}

function indexOf(client: RpcClient, method: string): number {
  return client.messages.findIndex((sent) => sent["method"] === method);
}

function isTurnResponse(sent: JsonObject): boolean {
  return pick(sent, "result", "turn") !== undefined;
}
