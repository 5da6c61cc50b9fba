import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, type JsonObject, type JsonValue } from "../../../src/internal/json.js";
import {
  addFile,
  createFakeAppServer,
  createFakeExec,
  createScriptedModel,
  cut,
  fail,
  failResponse,
  functionCall,
  gate,
  incomplete,
  message,
  patch,
  raw,
  reasoning,
  respond,
  shell,
  updateFile,
  usage,
  webSearch,
  type ModelStep,
} from "../../../src/testing/index.js";
import { realCodex, runCodex, startCodex, workFolder } from "../../unit/testing/codex-program.js";
import { pick, pickText, RpcClient, run } from "../../unit/testing/start-program.js";
import { createMessageCheck, type MessageCheck } from "../../unit/testing/validate-messages.js";

const settings = { sandbox: "workspace-write", approvalPolicy: "never" };

/** Scripts with equal results on the real binary and on the fakes. For the fakes the output of commands is declared. */
const scripts: Record<string, readonly ModelStep[]> = {
  "text in deltas": [
    respond(message("Hello world", { deltas: 3 }), usage({ input: 9, cached: 2, output: 3, reasoning: 1 })),
  ],
  reasoning: [respond(reasoning(["**Why**", "how"]), message("So.", { phase: "final_answer" }))],
  commands: [
    respond(message("First.", { phase: "commentary" }), shell("echo hi; exit 3", { output: "hi\n", exitCode: 3 })),
    respond(shell("echo 'a b'", { output: "a b\n" }), usage({ input: 5, output: 1 })),
    respond(message("Done."), usage({ input: 6, output: 1 })),
  ],
  patches: [
    respond(patch([addFile("a.txt", "one\ntwo\n")])),
    respond(patch([updateFile("a.txt", "one\n", "uno\n")])),
    respond(message("Done.")),
  ],
  "a web search": [respond(webSearch("codex"), message("Done."))],
  "an unknown function": [respond(functionCall("nothing")), respond(message("Done."))],
  "broken arguments": [respond(functionCall("exec_command", "{")), respond(message("Done."))],
  "HTTP 400": [fail(400, { error: { message: "bad" } })],
  "HTTP 400 with a known code": [fail(400, { error: { code: "context_length_exceeded", message: "long" } })],
  "a context that is full later": [
    respond(shell("true"), usage({ input: 50, cached: 5, output: 7, reasoning: 1 })),
    failResponse("context_length_exceeded", "long"),
  ],
  "HTTP 401": [fail(401, { error: { message: "who" } })],
  "HTTP 403": [fail(403, { error: { message: "no" } })],
  "HTTP 404": [fail(404, { error: { code: "model_not_found", message: "no such model" } })],
  "HTTP 429": [fail(429)],
  "HTTP 429 without quota": [fail(429, { error: { type: "insufficient_quota", message: "pay" } })],
  "HTTP 500": [fail(500)],
  "HTTP 503": [fail(503, { error: { code: "server_is_overloaded", message: "busy" } })],
  "a cut stream": [cut(message("Hello", { deltas: ["Hel"], unfinished: true }))],
  "a broken stream": [raw("event: x\ndata: nothing\n\n")],
  "a failed response": [failResponse("invalid_prompt", "not this")],
  "a failed response with a known code": [failResponse("rate_limit_exceeded", "later")],
  "an incomplete response": [incomplete("max_output_tokens", message("par"))],
};

describe("the scripted model on the real binary", () => {
  test("serves exec: text, commands, patches, parallel calls, and receives the outputs [A0.3]", async () => {
    await using model = await createScriptedModel([
      respond(shell("echo one", { callId: "a" }), shell("echo two", { callId: "b" })),
      respond(patch([addFile("x.txt", "hello\n")])),
      respond(message("Done.", { deltas: 2 }), usage({ input: 100, output: 5 })),
    ]);
    const { code, events } = await runCodex(model, "do it", ["-s", "workspace-write"]);
    expect(code).toBe(0);
    expect(events.at(-1)).toMatchObject({ type: "turn.completed", usage: { input_tokens: 100, output_tokens: 5 } });
    const change = events.find((event) => pick(event, "item", "type") === "file_change");
    expect(readFileSync(pickText(change, "item", "changes", "0", "path"), "utf8")).toBe("hello\n");
    expect(model.requests).toHaveLength(3);
    expect(model.requests[0]?.userText).toBe("do it");
    expect(model.requests[1]?.output("a")).toContain("one\n");
    expect(model.requests[1]?.output("b")).toContain("two\n");
    await model.assertDone();
  });

  test("serves app-server, and its gate makes steering and interrupting deterministic [A0.3]", async () => {
    const [first, second] = [gate(), gate()];
    await using model = await createScriptedModel([
      respond(message("first", { deltas: ["fi", first, "rst"] })),
      respond(message("second", { deltas: ["se", second, "cond"] })),
    ]);
    const client = await startCodex(model);
    const threadId = await client.startThread();
    const turnId = await client.startTurn(threadId, "one");
    await first.reached;
    const input = [{ type: "text", text: "two" }];
    await client.call("turn/steer", { threadId, expectedTurnId: turnId, input });
    await second.reached;
    await client.call("turn/interrupt", { threadId, turnId });
    expect(await client.next("turn/completed")).toMatchObject({ params: { turn: { status: "interrupted" } } });
    expect(model.requests.map(({ userText }) => userText)).toEqual(["one", "two"]);
    expect(model.requests.map((request) => request.threadId)).toEqual([threadId, threadId]);
    client.child.stdin.end();
    await client.exited;
  });

  test("fails the turn with a reason if no step is left [A0.3]", async () => {
    await using model = await createScriptedModel();
    const { code, events } = await runCodex(model, "anything");
    expect(code).toBe(1);
    expect(JSON.stringify(events.at(-1))).toContain("no step is left for model request 1");
    await expect(model.assertDone()).rejects.toThrow(`model request 1, which ends with the user's "anything"`);
  });
});

describe("the fakes behave like the real binary [A0.3]", () => {
  test.each(Object.entries(scripts))("exec: %s", async (_name, steps) => {
    await using model = await createScriptedModel(steps);
    await using exec = await createFakeExec(steps);
    const args = ["-s", "workspace-write"];
    const real = await runCodex(model, "go", args);
    const fake = await run(exec.codexPathOverride, ["exec", "--json", ...args], "go", { cwd: workFolder() });
    expect(fake.events.map(scrub)).toEqual(real.events.map(scrub));
    expect(fake.code).toBe(real.code);
  });

  test.each(Object.entries(scripts))("app-server: %s", async (_name, steps) => {
    await using model = await createScriptedModel(steps);
    await using server = await createFakeAppServer(steps);
    const real = await startCodex(model);
    const fake = new RpcClient(server.codexPathOverride, [], { cwd: workFolder() });
    await fake.open();
    for (const client of [real, fake]) {
      const threadId = await client.startThread({ ...settings, modelProvider: "scripted" });
      await client.startTurn(threadId, "go");
      await client.next("turn/completed");
      client.child.stdin.end();
      await client.exited;
    }
    expect(turnOf(fake)).toEqual(turnOf(real));
  });
});

test("the fake app-server handles an interrupt like the real one [A0.3]", async () => {
  const create = () => {
    const held = gate();
    return { held, steps: [respond(message("Hello", { deltas: ["Hel", held, "lo"] }))] };
  };
  const [onReal, onFake] = [create(), create()];
  await using model = await createScriptedModel(onReal.steps);
  await using server = await createFakeAppServer(onFake.steps);
  const real = await startCodex(model);
  const fake = new RpcClient(server.codexPathOverride, [], { cwd: workFolder() });
  await fake.open();
  for (const [client, held] of [[real, onReal.held] as const, [fake, onFake.held] as const]) {
    const threadId = await client.startThread({ ...settings, modelProvider: "scripted" });
    const turnId = await client.startTurn(threadId, "go");
    await held.reached;
    await client.next("item/agentMessage/delta");
    await client.call("turn/interrupt", { threadId, turnId });
    await client.next("turn/completed");
    client.child.stdin.end();
    await client.exited;
  }
  expect(turnOf(fake)).toEqual(turnOf(real));
});

describe("every message of the fake app-server is valid by the binary's own schema", () => {
  let check: MessageCheck;
  beforeAll(async () => {
    check = await createMessageCheck(realCodex());
  });

  test.each(Object.entries(scripts))("in a turn with %s [A0.3]", async (_name, steps) => {
    await using server = await createFakeAppServer(steps);
    const client = new RpcClient(server.codexPathOverride);
    await client.open();
    const threadId = await client.startThread(settings);
    await client.startTurn(threadId, "go");
    await client.next("turn/completed");
    expect(server.sent.flatMap((message) => problemsOf(check, message, client))).toEqual([]);
  });

  test("around turns: threads, account, models, approvals, tools, steering, interrupting [A0.3]", async () => {
    const held = gate();
    const asked = [
      shell("x", { escalate: true }),
      patch([addFile("a", "b\n")]),
      functionCall("t"),
      functionCall("m", {}, { namespace: "mcp__s", status: "failed" }),
    ];
    await using server = await createFakeAppServer([
      respond(...asked),
      respond(message("1", { deltas: [held, "1"] })),
      respond(shell("sleep", { hold: gate() }), held),
    ]);
    const client = new RpcClient(server.codexPathOverride);
    await client.open();
    client.answer = (method) =>
      method === "item/tool/call"
        ? { contentItems: [{ type: "inputText", text: "x" }], success: true }
        : { decision: "accept" };
    const dynamicTools = [{ type: "function", name: "t", description: "", inputSchema: {} }];
    const threadId = await client.startThread({ dynamicTools });
    const turnId = await client.startTurn(threadId, "go", { effort: "high" });
    await held.reached;
    await client.call("turn/steer", { threadId, expectedTurnId: turnId, input: [{ type: "image", url: "data:," }] });
    await expect.poll(() => server.modelRequests.length).toBe(3);
    await client.call("turn/interrupt", { threadId, turnId });
    await client.next("turn/completed");
    await client.call("thread/backgroundTerminals/list", { threadId });
    await client.call("thread/backgroundTerminals/clean", { threadId });
    await client.call("thread/fork", { threadId });
    await client.call("thread/resume", { threadId });
    await client.call("thread/unsubscribe", { threadId });
    await client.call("account/login/start", { type: "apiKey", apiKey: "sk" });
    await client.call("account/read");
    await client.call("account/logout");
    await client.call("model/list");
    await client.call("config/read");
    await client.call("turn/interrupt", { threadId, turnId });
    expect(server.sent.flatMap((message) => problemsOf(check, message, client))).toEqual([]);
  });
});

function problemsOf(check: MessageCheck, message: JsonObject, client: RpcClient): string[] {
  const { id } = message;
  return check(message, typeof id === "string" ? client.methods.get(id) : undefined);
}

/** Notifications that codex sends around a turn or at varying times. */
const noise = new Set([
  "account/rateLimits/updated",
  "configWarning",
  "item/commandExecution/outputDelta",
  "remoteControl/status/changed",
  "thread/readState/changed",
  "turn/diff/updated",
  "warning",
]);

/** Returns the notifications of a client's turn, without values that vary between runs. */
function turnOf(client: RpcClient): JsonValue[] {
  return client.messages.filter(({ method }) => typeof method === "string" && !noise.has(method)).map(scrub);
}

const varying =
  /^(id|.*Id|thread_id|.*AtMs|.*At|durationMs|processId|path|cwd|url|diff|originator|gitInfo|runtimeWorkspaceRoots)$/;

function scrub(value: JsonValue): JsonValue {
  if (typeof value === "string") return value.replace(/url: http:\S+/, "url: -");
  if (Array.isArray(value)) return value.map(scrub);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, inner]): [string, JsonValue][] => {
    if (inner === undefined || key === "startedAtMs" || key === "completedAtMs") return [];
    return [[key, varying.test(key) && inner !== null ? "-" : scrub(inner)]];
  });
  return Object.fromEntries(entries);
}
