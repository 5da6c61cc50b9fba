import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { connect } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { OptionError } from "../../../src/errors/option-error.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { isJsonObject, type JsonObject } from "../../../src/internal/json.js";
import {
  createScriptedModel,
  functionCall,
  message,
  type ModelRequest,
  respond,
  shell,
} from "../../../src/testing/index.js";
import { toStoredTools } from "../../../src/tools/stored-tools.js";
import type { ToolDefinition } from "../../../src/tools/tool-definition.js";
import { filesHolding, processesHolding } from "../real-codex.js";
import { answerWith, mathTool, openToolStand, runToolTurn, sum } from "./tool-server-stand.js";

const namespace = "mcp__codexkit";
const call = (name: string, args: JsonObject, callId: string) => functionCall(name, args, { namespace, callId });
const callMath = respond(call("math_tool", { x: 4, y: 5 }, "call_math"));
const done = respond(message("It is 9."));

describe("host tools on exec", () => {
  it.each(["gpt-5.5", undefined])(
    "[A2.2] the model %s receives math_tool unchanged; {x:4,y:5} runs once, and the next model request contains 9",
    async (name) => {
      const stand = await openToolStand([callMath, done]);
      const thread = stand.openThread({ tools: [mathTool], options: { model: name } });
      const seen: JsonObject[] = [];
      const events = await runToolTurn(
        thread,
        answerWith((params) => {
          seen.push(params);
          return sum(params);
        }),
      );
      expect(seen).toHaveLength(1);
      expect(seen[0]).toMatchObject({
        callId: "call_math",
        namespace: null,
        tool: "math_tool",
        arguments: { x: 4, y: 5 },
      });
      const [first, second] = stand.model.requests;
      expect(seen[0]?.["threadId"]).toBe(first?.threadId);
      expect(seen[0]?.["turnId"]).toMatch(/^[0-9a-f-]{36}$/);
      expect(second?.output("call_math")).toMatch(/^Wall time: .*\nOutput:\n9$/);
      expect(offered(first?.body)).toEqual(['"math_tool"']);
      expect(events.at(-2)).toMatchObject({ type: "item.completed", item: { text: "It is 9." } });
      expect(events.at(-1)).toMatchObject({ type: "turn.completed", turnId: null, turn: { status: "completed" } });
      expect(events.some(({ type }) => type === "codexkit.tools.changed")).toBe(false);
    },
  );

  it.each(["gpt-5.5", undefined])(
    "[A2.2] 170 tools with large schemas are all offered to the model %s, and the last one is called by its name",
    async (name) => {
      const tools = Array.from({ length: 170 }, (_, index) => largeTool(index));
      const last = tools[169];
      const stand = await openToolStand([
        respond(call(`${last?.namespace ?? ""}__${last?.name ?? ""}`, { field_0: "a" }, "call_last")),
        done,
      ]);
      const seen: JsonObject[] = [];
      await runToolTurn(
        stand.openThread({ tools, options: { model: name } }),
        answerWith((params) => (seen.push(params), "called")),
      );
      expect(seen).toEqual([expect.objectContaining({ namespace: "space_9", tool: last?.name })]);
      expect(offered(stand.model.requests[0]?.body)).toHaveLength(170);
      expect(JSON.stringify(tools).length).toBeGreaterThan(1_000_000);
    },
  );

  it("[A2.4] twenty calls run at once, and results go to the right call ids", async () => {
    const calls = Array.from({ length: 20 }, (_, x) => call("math_tool", { x, y: 100 }, `call_${x}`));
    const stand = await openToolStand([respond(...calls), done]);
    const all = createDeferred<undefined>();
    let running = 0;
    const answer = answerWith(async (params) => {
      if ((running += 1) === 20) all.resolve(undefined);
      await all.promise;
      return sum(params);
    });
    await runToolTurn(stand.openThread({ tools: [mathTool] }), answer);
    const outputs = stand.model.requests[1];
    for (let x = 0; x < 20; x += 1) expect(outputs?.output(`call_${x}`)).toMatch(new RegExp(`\\n${x + 100}$`));
  });

  it("[A2.4] six threads at once on one tool server, twenty calls each: no answer reaches another thread", async () => {
    const step = (request: ModelRequest) =>
      request.outputs.length > 0
        ? respond(message("Done."))
        : respond(...Array.from({ length: 20 }, (_, x) => call("math_tool", { of: request.threadId, x }, `call_${x}`)));
    const stand = await openToolStand(Array.from({ length: 12 }, () => step));
    const echo = answerWith(({ threadId, arguments: args }) => JSON.stringify([threadId, args]));
    await Promise.all(Array.from({ length: 6 }, () => runToolTurn(stand.openThread({ tools: [mathTool] }), echo)));
    const answered = stand.model.requests.filter(({ outputs }) => outputs.length > 0);
    expect(new Set(answered.map(({ threadId }) => threadId)).size).toBe(6);
    for (const request of answered) {
      for (let x = 0; x < 20; x += 1) {
        const { threadId } = request;
        expect(request.output(`call_${x}`)).toContain(JSON.stringify([threadId, { of: threadId, x }]));
      }
    }
  });

  it("[A2.3] a failure and an image reach the model, and the turn continues", async () => {
    const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
    const imageUrl = `data:image/png;base64,${pixel}`;
    const stand = await openToolStand([
      respond(call("math_tool", {}, "call_no"), call("math_tool", { x: 1 }, "call_image")),
      done,
    ]);
    await runToolTurn(stand.openThread({ tools: [mathTool] }), ({ params }) => {
      const failed = JSON.stringify(params).includes("call_no");
      const contentItems = [failed ? { type: "inputText", text: "x is missing" } : { type: "inputImage", imageUrl }];
      return Promise.resolve({ kind: "result", result: { success: !failed, contentItems } });
    });
    const [, second] = stand.model.requests;
    expect(second?.output("call_no")).toContain("x is missing");
    expect(JSON.stringify(second?.input)).toContain(pixel.slice(0, 40));
  });

  it("[A2.2] an interrupt during a call ends the call, the turn and the tool server", async () => {
    const traffic = listen();
    const stand = await openToolStand([callMath, done]);
    const turn = stand.openThread({ tools: [mathTool] }).openTurn(goOn);
    const types: string[] = [];
    await turn.run((batch) => {
      for (const entry of batch) {
        types.push(entry.kind === "request" ? entry.request.method : entry.event.type);
        if (entry.kind === "request") void turn.interrupt();
      }
      return undefined;
    });
    await turn.close();
    expect(types).toContain("item/tool/call");
    expect(types.at(-1)).toBe("turn.completed");
    expect(traffic.ports.size).toBe(1);
    for (const port of traffic.ports) expect(await isListening(port)).toBe(false);
  });

  it("[A2.2] closing the turn during a call also ends the call", async () => {
    const traffic = listen();
    const stand = await openToolStand([callMath, done]);
    const turn = stand.openThread({ tools: [mathTool] }).openTurn(goOn);
    const running = turn.run((batch) => {
      if (batch.some(({ kind }) => kind === "request")) void turn.close();
      return undefined;
    });
    await expect(running).rejects.toMatchObject({ code: "PROCESS_EXITED" });
    for (const port of traffic.ports) expect(await isListening(port)).toBe(false);
    expect(traffic.ports.size).toBe(1);
  });

  it("[A2.11] the token is on no argv, in no file of codex and not in the environment of the model's shell", async () => {
    const traffic = listen();
    const stand = await openToolStand([callMath, respond(shell("env", { callId: "call_env" })), done]);
    const thread = stand.openThread({ tools: [mathTool], options: { sandboxMode: "danger-full-access" } });
    const found: number[][] = [];
    const events = await runToolTurn(
      thread,
      answerWith(async (params) => {
        const [token = "none"] = traffic.tokens;
        found.push(await processesHolding(token, "cmdline"), await processesHolding(token, "environ"));
        return sum(params);
      }),
    );
    const [token = "none"] = traffic.tokens;
    expect(traffic.tokens.size).toBe(1);
    expect(found).toEqual([[], [expect.any(Number)]]);
    expect(await filesHolding(stand.home, token)).toEqual([]);
    const env = stand.model.requests[2]?.output("call_env");
    expect(env).toContain("CODEXKIT_TOOL_TOKEN=\n");
    expect(env).not.toContain(token);
    expect(JSON.stringify(events)).not.toContain(token);
    expect(JSON.stringify(stand.model.requests.map(({ body }) => body))).not.toContain(token);
    for (const port of traffic.ports) expect(await isListening(port)).toBe(false);
  });

  it("[A2.0] tools that differ from those of the previous turn are reported first, once", async () => {
    const stand = await openToolStand([done, callMath, done, done, done]);
    let tools: readonly ToolDefinition[] = [largeTool(1)];
    const thread = stand.openThread({ tools: () => tools });
    const first = await runToolTurn(thread, answerWith(sum));
    expect(first[0]?.type).toBe("thread.started");
    expect(thread.storedTools).toEqual(toStoredTools(tools));
    tools = [mathTool];
    const [changed, ...rest] = await runToolTurn(thread, answerWith(sum));
    const threadId = first[0]?.threadId;
    expect(changed).toMatchObject({ type: "codexkit.tools.changed", threadId, turnId: null, served: "mcp" });
    expect(changed).toMatchObject({ added: ["math_tool"], removed: ["space_1.tool_1"], changed: [] });
    expect(rest.some(({ type }) => type === "codexkit.tools.changed")).toBe(false);
    expect(stand.model.requests[2]?.output("call_math")).toContain("\n9");
    const again = stand.openThread({ tools: () => [], stored: toStoredTools(tools), threadId: threadId ?? "" });
    expect((await runToolTurn(again, answerWith(sum)))[0]).toMatchObject({ removed: ["math_tool"], served: "none" });
    const unknown = stand.openThread({ tools, stored: "unknown", threadId: threadId ?? "" });
    expect((await runToolTurn(unknown, answerWith(sum)))[0]?.type).toBe("thread.started");
  });

  it("[A2.2] keeps the user's list of direct namespaces, and rejects a server with codexkit's name", async () => {
    await using other = await createScriptedModel([], { strict: false });
    const stand = await openToolStand([done], {
      configOverrides: [
        'features.code_mode.direct_only_tool_namespaces=["mcp__mine"]',
        'mcp_servers.mine.url="http://127.0.0.1:1"',
      ],
    });
    await runToolTurn(stand.openThread({ tools: [mathTool] }), answerWith(sum));
    expect(offered(stand.model.requests[0]?.body)).toEqual(['"math_tool"']);
    const taken = await openToolStand([done], { configOverrides: [`mcp_servers.codexkit.url="${other.baseUrl}"`] });
    await expect(runToolTurn(taken.openThread({ tools: [mathTool] }), answerWith(sum))).rejects.toBeInstanceOf(
      OptionError,
    );
    expect(taken.model.requests).toEqual([]);
  });
});

const goOn = { input: [{ type: "text", text: "Go" }], options: {}, outputSchema: null } as const;

function largeTool(index: number): ToolDefinition {
  const fields = Array.from({ length: 60 }, (_, field): [string, JsonObject] => [
    `field_${field}`,
    { type: "string", description: `What ${"this field means ".repeat(5)}${field}` },
  ]);
  const properties: JsonObject = Object.fromEntries(fields);
  return {
    name: `tool_${index}`,
    namespace: `space_${index % 20}`,
    description: `Tool ${index}`,
    inputSchema: { type: "object", properties },
  };
}

/** Returns the names of host tools in a model request, for each class of model. */
function offered(body: unknown): string[] {
  const names: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(walk);
    if (!isJsonObject(value)) return;
    const { type, name, tools } = value;
    if (type === "namespace" && name === namespace && Array.isArray(tools)) {
      names.push(...tools.filter(isJsonObject).map((tool) => JSON.stringify(tool["name"])));
    }
    Object.values(value).forEach(walk);
  };
  walk(body);
  return names;
}

/** Returns the ports and tokens of requests to the tool server of this process. */
function listen() {
  const [ports, tokens] = [new Set<number>(), new Set<string>()];
  const onRequest = (data: unknown): void => {
    if (typeof data !== "object" || data === null || !("request" in data)) return;
    const { request } = data;
    if (!isRequest(request) || request.url.startsWith("/v1/")) return;
    ports.add(Number(request.headers.host?.split(":")[1]));
    if (request.headers.authorization !== undefined) tokens.add(request.headers.authorization.replace("Bearer ", ""));
  };
  subscribe("http.server.request.start", onRequest);
  onTestFinished(() => {
    unsubscribe("http.server.request.start", onRequest);
  });
  return { ports, tokens };
}

interface ToolRequest {
  readonly url: string;
  readonly headers: { readonly host?: string; readonly authorization?: string };
}

function isRequest(value: unknown): value is ToolRequest {
  return typeof value === "object" && value !== null && "url" in value && "headers" in value;
}

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  return new Promise((resolve) => {
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
