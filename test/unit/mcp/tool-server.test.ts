import { request } from "node:http";
import { connect } from "node:net";
import { once } from "node:events";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { describe, expect, it, onTestFinished } from "vitest";
import { ClientClosedError } from "../../../src/errors/client-closed-error.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import { loadToolServer } from "../../../src/mcp/load-tool-server.js";
import type { ToolDefinition } from "../../../src/tools/tool-definition.js";
import type { ServedToolCall, ToolEndpoint, ToolEndpointOptions, ToolServer } from "../../../src/tools/tool-server.js";

const add: ToolDefinition = {
  name: "add",
  namespace: null,
  description: "Adds",
  inputSchema: { type: "object", properties: { x: { type: "number" } }, required: ["x"], additionalProperties: false },
};
const text = (value: string) => ({ success: true, contentItems: [{ type: "inputText", text: value }] });

describe("the tool server", () => {
  it("[A2.11] lists its tools unchanged in one page, with their instructions", async () => {
    const tools = [add, { ...add, namespace: "crm" }, { ...add, name: "crm__add" }];
    const client = await open({ tools: () => tools, instructions: "Sums" });
    const listed = await client.listTools();
    expect(client.getInstructions()).toBe("Sums");
    expect(listed.nextCursor).toBeUndefined();
    expect(listed.tools.map(({ name }) => name)).toEqual(["add", "crm__add", "crm__add_2"]);
    expect(listed.tools[0]).toEqual({ name: "add", description: "Adds", inputSchema: add.inputSchema });
  });

  it("passes a call on with the ids from its `_meta`", async () => {
    const calls: ServedToolCall[] = [];
    const client = await open({
      tools: () => [{ ...add, namespace: "crm" }],
      call: (call) => (calls.push(call), ok()),
    });
    const _meta = { threadId: "t", callId: "c", "x-codex-turn-metadata": { turn_id: "u" } };
    await client.callTool({ name: "crm__add", arguments: { x: 1 }, _meta });
    await client.callTool({ name: "crm__add" });
    expect(calls[0]).toMatchObject({ arguments: { x: 1 }, threadId: "t", turnId: "u", callId: "c" });
    expect(calls[0]?.definition).toMatchObject({ name: "add", namespace: "crm" });
    expect(calls[1]).toMatchObject({ arguments: {}, threadId: null, turnId: null, callId: null });
  });

  it("converts text, images and failures to MCP results, and hides the text of a thrown error", async () => {
    const results = [
      { success: true, contentItems: [{ type: "inputImage", imageUrl: "data:image/png;base64,AAEC" }] },
      { success: false, contentItems: [{ type: "inputText", text: "no" }] },
    ];
    const client = await open({
      call: () => {
        const result = results.shift();
        return result === undefined ? Promise.reject(new Error("secret")) : Promise.resolve(result);
      },
    });
    const call = () => client.callTool({ name: "add", arguments: { x: 1 } });
    expect(await call()).toEqual({ content: [{ type: "image", data: "AAEC", mimeType: "image/png" }], isError: false });
    expect(await call()).toEqual({ content: [{ type: "text", text: "no" }], isError: true });
    expect(await call()).toEqual({ content: [{ type: "text", text: "The tool failed." }], isError: true });
    expect(await client.callTool({ name: "gone", arguments: {} })).toMatchObject({ isError: true });
  });

  it("[A2.4] runs twenty calls at once, and each gets its own answer", async () => {
    const all = createDeferred<undefined>();
    let running = 0;
    const client = await open({
      async call({ arguments: args }) {
        if ((running += 1) === 20) all.resolve(undefined);
        await all.promise;
        return text(JSON.stringify(args));
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, x) => client.callTool({ name: "add", arguments: { x } })),
    );
    expect(answers.map(({ content }) => content)).toEqual(
      answers.map((_, x) => [{ type: "text", text: JSON.stringify({ x }) }]),
    );
  });

  it("ends a call if it is cancelled, its connection closes or its endpoint is closed", async () => {
    const { server, endpoint, next } = await openHanging();
    const client = await connectTo(endpoint);
    const cancel = new AbortController();
    const cancelled = client.callTool({ name: "add", arguments: { x: 1 } }, undefined, { signal: cancel.signal });
    const first = await next();
    cancel.abort();
    await expect(cancelled).rejects.toThrow();
    await aborted(first);

    const other = await connectTo(endpoint);
    void other.callTool({ name: "add", arguments: { x: 2 } }).catch(() => undefined);
    const second = await next();
    await other.transport?.close();
    await aborted(second);

    void client.callTool({ name: "add", arguments: { x: 3 } }).catch(() => undefined);
    const third = await next();
    await endpoint.close();
    await aborted(third);
    await server.close();
  });

  it("[A2.11] refuses a missing or wrong token, foreign `Host` and `Origin` headers, and unknown paths", async () => {
    const { endpoint } = await serve({});
    const bearer = { authorization: `Bearer ${endpoint.token}` };
    expect((await post(endpoint.url, bearer)).status).toBe(200);
    expect((await post(endpoint.url, {})).status).toBe(401);
    expect((await post(endpoint.url, { authorization: `Bearer ${endpoint.token.slice(1)}x` })).status).toBe(401);
    expect((await post(endpoint.url, { authorization: endpoint.token })).status).toBe(401);
    expect((await post(endpoint.url, { ...bearer, host: "example.com" })).status).toBe(403);
    expect((await post(endpoint.url, { ...bearer, host: "localhost" })).status).toBe(403);
    expect((await post(endpoint.url, { ...bearer, origin: new URL(endpoint.url).origin })).status).toBe(403);
    expect((await post(endpoint.url, { ...bearer, origin: "null" })).status).toBe(403);
    expect((await post(`${endpoint.url}x`, bearer)).status).toBe(404);
    expect((await post(endpoint.url, { ...bearer, "mcp-session-id": "unknown" })).status).toBe(404);
    const other = await serve({});
    expect((await post(endpoint.url, { authorization: `Bearer ${other.endpoint.token}` })).status).toBe(401);
    expect(endpoint.token).toMatch(/^[0-9a-f]{64}$/);
    for (const headers of [{}, { ...bearer, host: "x" }]) {
      expect((await post(endpoint.url, headers)).body).not.toContain(endpoint.token);
    }
  });

  it("[A2.11] accepts arguments of 20 MB, and refuses a body over the limit before reading it", async () => {
    const { endpoint } = await serve({ call: ({ arguments: args }) => ok(String(JSON.stringify(args).length)) });
    const client = await connectTo(endpoint);
    const big = "x".repeat(20 * 1024 * 1024);
    expect(await client.callTool({ name: "add", arguments: { big } })).toMatchObject({
      content: [{ type: "text", text: String(big.length + '{"big":""}'.length) }],
    });
    const { hostname, port, pathname } = new URL(endpoint.url);
    const headers = { ...postHeaders, authorization: `Bearer ${endpoint.token}`, "content-length": 70 * 1024 * 1024 };
    const sent = request({ hostname, port, path: pathname, method: "POST", headers });
    sent.on("error", () => undefined);
    sent.flushHeaders();
    const answered = new Promise<number>((resolve) => {
      sent.on("response", ({ statusCode }) => resolve(statusCode ?? 0));
    });
    expect(await answered).toBe(413);
    sent.destroy();
  });

  it("limits the sessions of an endpoint, and does not count a request that opens none", async () => {
    const { endpoint } = await serve({});
    const headers = { authorization: `Bearer ${endpoint.token}` };
    // One leaked place would already refuse the last of the 256 sessions.
    for (let count = 0; count < 20; count += 1) expect((await post(endpoint.url, headers, "{}")).status).toBe(400);
    const statuses: number[] = [];
    for (let count = 0; count < 257; count += 1) statuses.push((await post(endpoint.url, headers)).status);
    expect(statuses.slice(0, 256).every((status) => status === 200)).toBe(true);
    expect(statuses[256]).toBe(503);
  });

  it("[A1.22] close() under load settles every call, and leaves no listener and no connection", async () => {
    const { server, endpoint, next } = await openHanging();
    const { port } = new URL(endpoint.url);
    const clients = await Promise.all(Array.from({ length: 5 }, () => connectTo(endpoint)));
    const answers = clients.flatMap((client) =>
      Array.from({ length: 8 }, () => client.callTool({ name: "add", arguments: { x: 1 } }).catch(() => "ended")),
    );
    const calls = await Promise.all(answers.map(() => next()));
    await Promise.all([server.close(), server.close(), endpoint.close()]);
    await Promise.all(calls.map(aborted));
    await Promise.all(clients.map((client) => client.close()));
    await Promise.all(answers);
    expect(await isListening(Number(port))).toBe(false);
    await expect(server.serve({ instructions: "", tools: () => [], call: () => ok() })).rejects.toBeInstanceOf(
      ClientClosedError,
    );
    await expect.poll(() => process.getActiveResourcesInfo().filter((name) => name === "TCPServerWrap")).toEqual([]);
  });

  it("stops listening when its last endpoint closes, and listens again for the next one", async () => {
    const { server, endpoint } = await serve({});
    const second = await server.serve({ instructions: "", tools: () => [add], call: () => ok() });
    expect(new URL(second.url).port).toBe(new URL(endpoint.url).port);
    await endpoint.close();
    await endpoint.close();
    expect((await post(endpoint.url, { authorization: `Bearer ${endpoint.token}` })).status).toBe(404);
    expect((await post(second.url, { authorization: `Bearer ${second.token}` })).status).toBe(200);
    await second.close();
    expect(await isListening(Number(new URL(second.url).port))).toBe(false);
    const third = await server.serve({ instructions: "", tools: () => [add], call: () => ok() });
    expect((await (await connectTo(third)).listTools()).tools).toHaveLength(1);
  });
});

const postHeaders = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const initialize = JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-06-18", capabilities: {}, clientInfo: { name: "test", version: "1" } },
});

function ok(value = "ok") {
  return Promise.resolve(text(value));
}

async function serve(options: Partial<ToolEndpointOptions>): Promise<{ server: ToolServer; endpoint: ToolEndpoint }> {
  const server = await loadToolServer();
  onTestFinished(() => server.close());
  const endpoint = await server.serve({ instructions: "", tools: () => [add], call: () => ok(), ...options });
  return { server, endpoint };
}

async function open(options: Partial<ToolEndpointOptions>): Promise<Client> {
  return connectTo((await serve(options)).endpoint);
}

async function connectTo({ url, token }: ToolEndpoint): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const headers = { authorization: `Bearer ${token}` };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
  onTestFinished(() => client.close());
  return client;
}

/** An endpoint whose calls end only by their signal. `next` returns the calls in order. */
async function openHanging() {
  const calls: ServedToolCall[] = [];
  const waiting: ((call: ServedToolCall) => void)[] = [];
  const served = await serve({
    call: (call) => {
      const taker = waiting.shift();
      if (taker === undefined) calls.push(call);
      else taker(call);
      return new Promise(() => undefined);
    },
  });
  const next = async (): Promise<ServedToolCall> => {
    const call = calls.shift();
    return call ?? new Promise<ServedToolCall>((resolve) => waiting.push(resolve));
  };
  return { ...served, next };
}

async function aborted({ signal }: ServedToolCall): Promise<void> {
  if (!signal.aborted) await once(signal, "abort");
}

async function post(url: string, headers: Record<string, string>, body = initialize) {
  const { hostname, port, pathname } = new URL(url);
  const sent = request({
    hostname,
    port,
    path: pathname,
    method: "POST",
    agent: false,
    headers: { ...postHeaders, ...headers },
  });
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    sent.on("error", reject);
    sent.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }));
    });
    sent.end(body);
  });
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
