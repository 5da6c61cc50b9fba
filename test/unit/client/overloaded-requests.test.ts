import { describe, expect, it, vi } from "vitest";
import { Codex, retryOnOverload } from "../../../src/index.js";
import {
  createFakeAppServer,
  errorReply,
  type FakeAppServer,
  gate,
  lateReply,
  reply,
} from "../../../src/testing/index.js";

const overloaded = errorReply(-32001, "Server overloaded; retry later.");
const withData = errorReply(-32001, "Server overloaded", {
  reason: "inFlightTaskCapacity",
  key: "sk-proj-abcdefgh1234567",
});
const loaded = reply({ data: ["01a2"] });
const archived = { threadId: "01a2b3c4-0000-7000-8000-000000000000" };

describe("an app-server that is overloaded", () => {
  it("[R4] a request that only reads is repeated, with and without data in the error", async () => {
    await using server = await createFakeAppServer();
    await using codex = new Codex(server.codexOptions());
    server.intercept("thread/loaded/list", overloaded, withData, loaded);
    expect(await codex.appServer.request("thread/loaded/list", {})).toEqual({ data: ["01a2"] });
    expect(sent(server, "thread/loaded/list")).toBe(3);
  });

  it("[R4] it rejects after the third refusal, with the server's data and without its secrets", async () => {
    await using server = await createFakeAppServer();
    await using codex = new Codex(server.codexOptions());
    server.intercept("thread/loaded/list", overloaded, overloaded, withData);
    await expect(codex.appServer.requestRaw("thread/loaded/list", {})).rejects.toMatchObject({
      code: "SERVER_OVERLOADED",
      retryable: true,
      method: "thread/loaded/list",
      data: { reason: "inFlightTaskCapacity", key: "[redacted]" },
    });
    expect(sent(server, "thread/loaded/list")).toBe(3);
  });

  it("[R4] any other request is sent once, and again by retryOnOverload()", async () => {
    await using server = await createFakeAppServer();
    await using codex = new Codex(server.codexOptions());
    server.intercept("thread/archive", overloaded, overloaded, reply({}));
    const archive = () => codex.appServer.request("thread/archive", archived);
    await expect(archive()).rejects.toMatchObject({ code: "SERVER_OVERLOADED" });
    expect(sent(server, "thread/archive")).toBe(1);
    expect(await retryOnOverload(archive, { initialDelayMs: 1 })).toEqual({});
    expect(sent(server, "thread/archive")).toBe(3);
  });

  it("[R4] `timeoutMs` includes all attempts: the delay does not exceed it", async () => {
    await using server = await createFakeAppServer();
    await using codex = new Codex(server.codexOptions());
    await codex.ready();
    server.intercept("thread/loaded/list", overloaded);
    const answer = codex.appServer.request("thread/loaded/list", {}, { timeoutMs: 150 });
    await expect(answer).rejects.toMatchObject({ code: "SERVER_OVERLOADED" });
    expect(sent(server, "thread/loaded/list")).toBe(1);
  });

  it("[R4] `timeoutMs` ends an attempt that gets no answer", async () => {
    const never = gate();
    await using server = await createFakeAppServer([], { strict: false });
    await using codex = new Codex(server.codexOptions());
    await codex.ready();
    server.intercept("thread/loaded/list", overloaded, lateReply(never));
    const answer = codex.appServer.request("thread/loaded/list", {}, { timeoutMs: 1_000 });
    await expect(answer).rejects.toMatchObject({ code: "RPC_TIMEOUT", timeoutMs: 1_000 });
    expect(sent(server, "thread/loaded/list")).toBe(2);
  });

  it("[R4] an abort and `close()` end the delay", async () => {
    await using server = await createFakeAppServer();
    const codex = new Codex(server.codexOptions());
    const abort = new AbortController();
    server.intercept("model/list", overloaded);
    server.intercept("thread/loaded/list", overloaded);
    const aborted = codex.appServer.request("model/list", {}, { signal: abort.signal });
    const closed = codex.appServer.request("thread/loaded/list", {});
    const ends = Promise.all([
      expect(aborted).rejects.toMatchObject({ code: "ABORTED" }),
      expect(closed).rejects.toMatchObject({ code: "CLIENT_CLOSED" }),
    ]);
    await vi.waitUntil(() => server.sent.filter((message) => "error" in message).length === 2, { timeout: 5_000 });
    abort.abort();
    await codex.close();
    await ends;
    expect([sent(server, "model/list"), sent(server, "thread/loaded/list")]).toEqual([1, 1]);
  });
});

function sent(server: FakeAppServer, method: string): number {
  return server.requests.filter((call) => call.method === method).length;
}
