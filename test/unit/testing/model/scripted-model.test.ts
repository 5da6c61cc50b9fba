import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { createDeferred } from "../../../../src/internal/deferred.js";
import {
  createScriptedModel,
  cut,
  fail,
  failResponse,
  functionCall,
  gate,
  incomplete,
  message,
  raw,
  reasoning,
  repeat,
  respond,
  ScriptError,
  shell,
  slow,
  stall,
  usage,
  webSearch,
  when,
} from "../../../../src/testing/index.js";
import { eventTypes, post, tokenOf, userMessage } from "./post-request.js";

describe("the scripted model", () => {
  test("answers each request with the next step, as events of the Responses API [A0.3]", async () => {
    await using model = await createScriptedModel([
      respond(message("Hello", { deltas: ["Hel", "lo"] }), usage({ input: 5, cached: 1, output: 2, reasoning: 1 })),
      respond(
        reasoning(["why", "how"]),
        functionCall("f", { a: 1 }, { callId: "c1", namespace: "crm" }),
        webSearch("q"),
      ),
    ]);
    const first = await post(model, "hi");
    expect(first.status).toBe(200);
    expect(eventTypes(first)).toEqual([
      "created",
      "output_item.added",
      "output_text.delta",
      "output_text.delta",
      "output_item.done",
      "completed",
    ]);
    expect(first.text).toContain('"input_tokens":5,"input_tokens_details":{"cached_tokens":1},"output_tokens":2');
    const second = await post(model, "go on");
    expect(eventTypes(second)).toEqual([
      "created",
      "output_item.added",
      "reasoning_summary_part.added",
      "reasoning_summary_text.delta",
      "reasoning_summary_part.added",
      "reasoning_summary_text.delta",
      "output_item.done",
      "output_item.done",
      "output_item.added",
      "output_item.done",
      "completed",
    ]);
    expect(second.text).toContain('"call_id":"c1","name":"f","arguments":"{\\"a\\":1}","namespace":"crm"');
  });

  test("splits a text into deltas of a number of characters and never splits a character", async () => {
    await using model = await createScriptedModel([respond(message("a😀b😀c", { deltas: 2 }))]);
    const { text } = await post(model, "hi");
    expect([...text.matchAll(/"delta":"([^"]*)"/g)].map(([, delta]) => delta)).toEqual(["a😀", "b😀", "c"]);
  });

  test("answers with failures: an HTTP error, response.failed, response.incomplete, any text [A0.3]", async () => {
    await using model = await createScriptedModel([
      fail(429, { error: { code: "slow_down" } }, { retryAfter: 2 }),
      fail(400, "<html>"),
      failResponse("invalid_prompt", "no"),
      incomplete("max_output_tokens", message("par")),
      raw("data: x\n\n"),
    ]);
    expect(await post(model, "1")).toMatchObject({
      status: 429,
      text: '{"error":{"code":"slow_down"}}',
      headers: { "retry-after": "2" },
    });
    expect(await post(model, "2")).toMatchObject({ status: 400, text: "<html>" });
    expect((await post(model, "3")).text).toContain('"error":{"code":"invalid_prompt","message":"no"}');
    expect((await post(model, "4")).text).toContain('"incomplete_details":{"reason":"max_output_tokens"}');
    expect((await post(model, "5")).text).toBe("data: x\n\n");
  });

  test("sends the parts of a cut response, then breaks the connection [A0.3]", async () => {
    await using model = await createScriptedModel([cut(message("Hello", { deltas: ["Hel"], unfinished: true }))]);
    const result = await post(model, "hi");
    expect(result.broken).toBe(true);
    expect(eventTypes(result)).toEqual(["created", "output_item.added", "output_text.delta"]);
  });

  test("sends nothing after a gate until the test opens it", async () => {
    const held = gate();
    await using model = await createScriptedModel([respond(message("Hello", { deltas: ["Hel", held, "lo"] }))]);
    let sofar = "";
    const answer = post(model, "hi", { onText: (text) => (sofar = text) });
    await held.reached;
    expect(sofar).not.toContain('"delta":"lo"');
    held.open();
    expect((await answer).text).toContain('"delta":"lo"');
  });

  test("continues after stalls and with a pace", async () => {
    await using model = await createScriptedModel([
      respond(slow({ delayMs: 1 }), message("ab", { deltas: 1 }), stall(1), stall(Promise.resolve())),
    ]);
    expect(eventTypes(await post(model, "hi")).at(-1)).toBe("completed");
  });

  test("releases a hold if the client disconnects", async () => {
    const released = createDeferred<void>();
    const hold = stall();
    const wait = async (signal: AbortSignal): Promise<void> => {
      await hold.wait(signal);
      released.resolve();
    };
    await using model = await createScriptedModel([respond({ ...hold, wait }, message("never"))]);
    const abort = new AbortController();
    const answer = post(model, "hi", { signal: abort.signal, onText: () => abort.abort() });
    await expect(answer).rejects.toThrow("aborted");
    await released.promise;
  });

  test("answers a WebSocket upgrade with 426 and other requests with 404", async () => {
    await using model = await createScriptedModel();
    const socket = connect(Number(new URL(model.baseUrl).port), "127.0.0.1");
    socket.write("GET /v1/responses HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    const [chunk] = (await once(socket, "data")) as [Buffer];
    expect(chunk.toString()).toMatch(/^HTTP\/1\.1 426 /);
    expect((await post(model, "x", { path: "/v1/models" })).status).toBe(404);
    expect(model.upgrades).toBe(1);
    expect(model.otherRequests).toEqual(["POST /v1/models"]);
    expect(model.requests).toEqual([]);
  });
});

describe("the scripted model's script", () => {
  test("calls step functions with the request", async () => {
    await using model = await createScriptedModel([
      (request) => respond(message(`You said ${request.userText}`)),
      repeat((request) => respond(message(String(request.index)))),
    ]);
    expect((await post(model, "hi")).text).toContain("You said hi");
    expect((await post(model, "a")).text).toContain('"delta":"1"');
    expect((await post(model, "b")).text).toContain('"delta":"2"');
  });

  test("uses matching steps for matching requests, so that concurrent threads get their own steps", async () => {
    await using model = await createScriptedModel([
      when("apples", respond(message("A1")), respond(message("A2"))),
      when(/pears/, respond(message("P"))),
      when((request) => request.threadId === "t9", respond(message("T"))),
      respond(message("rest")),
    ]);
    const answers = [
      await post(model, "count pears"),
      await post(model, "count apples"),
      await post(model, "x", { threadId: "t9" }),
      await post(model, [userMessage("count apples"), userMessage("go on")]),
      await post(model, "else"),
    ];
    const texts = answers.map(({ text }) => /"delta":"(\w+)"/.exec(text)?.[1]);
    expect(texts).toEqual(["P", "A1", "T", "A2", "rest"]);
  });

  test("accepts further entries while the model runs", async () => {
    await using model = await createScriptedModel();
    model.add(respond(message("later")));
    expect((await post(model, "x")).text).toContain("later");
  });
});

describe("the scripted model rejects", () => {
  test("after an unexpected call, which is answered with an error [A0.3]", async () => {
    await using model = await createScriptedModel([respond(message("only"))]);
    await post(model, "one");
    const { status, text } = await post(model, "two");
    expect(status).toBe(400);
    expect(text).toContain(`no step is left for model request 2, which ends with the user's \\"two\\"`);
    const error: unknown = await model.assertDone().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ScriptError);
    expect(error).toMatchObject({
      code: "SCRIPT_MISMATCH",
      unexpected: [`model request 2, which ends with the user's "two"`],
      unused: [],
    });
  });

  test("after an unused step, on close() too [A0.3]", async () => {
    const model = await createScriptedModel([
      respond(shell("ls"), message("Hi")),
      fail(500),
      when("x", failResponse("code", "m")),
      repeat(respond()),
      () => respond(),
    ]);
    await expect(model.close()).rejects.toThrow(
      [
        "scripted model: 5 unused",
        `  - respond(functionCall "exec_command", message "Hi")`,
        "  - fail(500)",
        "  - repeat(respond())",
        "  - a step function",
        `  - when "x": failResponse("code")`,
      ].join("\n"),
    );
  });

  test("after a missing or wrong token, without the token in the error [A0.3]", async () => {
    await using model = await createScriptedModel([respond(message("never"))]);
    expect((await post(model, "x", { token: undefined })).status).toBe(401);
    expect((await post(model, "x", { token: "sk-secret-1" })).status).toBe(401);
    const error: unknown = await model.assertDone().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      violations: ["a request came without a bearer token", "a request came with a wrong bearer token"],
    });
    expect(JSON.stringify(error)).not.toContain("sk-secret-1");
  });

  test("after a step function that throws", async () => {
    await using model = await createScriptedModel([
      () => {
        throw new Error("oh");
      },
    ]);
    expect((await post(model, "x")).status).toBe(400);
    await expect(model.assertDone()).rejects.toThrow("a step function threw: oh");
  });

  test("only once: close() ignores the differences that assertDone() reported, and is idempotent", async () => {
    const model = await createScriptedModel([respond()]);
    await expect(model.assertDone()).rejects.toThrow(ScriptError);
    await model.close();
    await model.close();
  });

  test("not on close() if `strict` is false", async () => {
    const model = await createScriptedModel([respond()], { strict: false });
    await model.close();
  });
});

describe("the scripted model records", () => {
  test("each request without the token", async () => {
    await using model = await createScriptedModel([respond()]);
    await post(model, [
      userMessage("first"),
      { type: "function_call_output", call_id: "c1", output: "one" },
      { type: "custom_tool_call_output", call_id: "c2", output: [{ type: "input_text", text: "two" }] },
      userMessage("last"),
    ]);
    const [request] = model.requests;
    expect(request).toMatchObject({ index: 0, model: "m", threadId: "t1", key: "token", userText: "last" });
    expect(request?.userTexts).toEqual(["first", "last"]);
    expect(request?.outputs).toEqual([
      { callId: "c1", text: "one" },
      { callId: "c2", text: "two" },
    ]);
    expect(request?.output("c2")).toBe("two");
    expect(request?.output("c3")).toBeUndefined();
    expect(JSON.stringify(model.requests)).not.toContain(tokenOf(model));
  });

  test("the name of a request's accepted key, never the key", async () => {
    await using model = await createScriptedModel([respond(), respond()], {
      acceptKeys: { alice: "sk-a-1", bob: "sk-b-2" },
    });
    await post(model, "x", { token: "sk-b-2" });
    await post(model, "x", { token: "sk-a-1" });
    expect(model.requests.map(({ key }) => key)).toEqual(["bob", "alice"]);
    expect(JSON.stringify(model.requests)).not.toMatch(/sk-/);
  });
});

describe("the scripted model's options for codex", () => {
  test("define a model provider, and an environment that is independent of the machine", async () => {
    await using model = await createScriptedModel();
    const { config, env } = model.codexOptions({ config: { model: "gpt-5.5" } });
    expect(config).toMatchObject({
      model: "gpt-5.5",
      model_provider: "scripted",
      model_providers: { scripted: { base_url: model.baseUrl, wire_api: "responses", supports_websockets: false } },
    });
    expect(Object.keys(env).sort()).toEqual(["CODEXKIT_SCRIPTED_MODEL_TOKEN", "CODEX_HOME", "HOME", "PATH"]);
    expect(JSON.stringify(config)).not.toContain(tokenOf(model));
  });

  test("contain the caller's environment and a CODEX_HOME that is removed with the model", async () => {
    const model = await createScriptedModel();
    const { env } = model.codexOptions({ env: { A: "1", B: undefined } });
    const home = env["CODEX_HOME"] ?? "";
    expect(env).toMatchObject({ A: "1" });
    expect(Object.keys(env)).not.toContain("B");
    expect(existsSync(home)).toBe(true);
    await model.close();
    expect(existsSync(home)).toBe(false);
  });
});
