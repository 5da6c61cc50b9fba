import { getEventListeners } from "node:events";
import { afterEach, describe, expect, it, vi } from "vitest";
import { CodexError } from "../../../src/errors/codex-error.js";
import { TransportClosedError } from "../../../src/errors/transport-closed-error.js";
import { BatchQueue } from "../../../src/internal/batch-queue.js";
import { createJsonRpcPeer, type JsonRpcPeerOptions } from "../../../src/rpc/json-rpc-peer.js";
import type { PeerMessage } from "../../../src/rpc/peer-message.js";
import { RpcError, RpcOverloadedError, RpcTimeoutError } from "../../../src/rpc/rpc-errors.js";
import { createMemoryChannel } from "./memory-channel.js";
import { useFakeTimers, useRealTimers } from "../internal/time/fake-timers.js";

afterEach(() => useRealTimers());

describe("a request", () => {
  it("is one line without a `jsonrpc` member, and resolves with its own result", async () => {
    const { peer, channel } = connect();
    const answers = Promise.all([peer.request("a", { x: 1 }), peer.request("b"), peer.request("c", null)]);
    expect(channel.sent).toEqual([
      { id: 1, method: "a", params: { x: 1 } },
      { id: 2, method: "b" },
      { id: 3, method: "c", params: null },
    ]);
    channel.deliver({ id: 3, result: null }, { id: 1, result: "one" });
    channel.deliver({ id: 2, result: { two: [2] } });
    expect(await answers).toEqual(["one", { two: [2] }, null]);
  });

  it("rejects with the server's error, its code, data and kind", async () => {
    const { peer, channel } = connect();
    const answer = failureOf(peer.request("thread/resume", {}));
    channel.deliver({ id: 1, error: { code: -32600, message: "no rollout found for thread id X", data: { a: 1 } } });
    const error = await answer;
    expect(error).toBeInstanceOf(RpcError);
    expect(error).toMatchObject({
      code: "RPC_ERROR",
      method: "thread/resume",
      rpcCode: -32600,
      rpcMessage: "no rollout found for thread id X",
      data: { a: 1 },
      kind: "threadNotFound",
      message: "thread/resume was refused: no rollout found for thread id X (code -32600)",
    });
  });

  it("[A4.4] removes secrets from the server's messages", async () => {
    const { peer, channel } = connect({ redact: (text) => text.replaceAll("sesame", "[redacted]") });
    const answer = failureOf(peer.request("a"));
    channel.deliver({ id: 1, error: { code: -32600, message: "open sesame", data: { keys: ["sesame", 1, null] } } });
    const error = await answer;
    expect(error).toMatchObject({ rpcMessage: "open [redacted]", data: { keys: ["[redacted]", 1, null] } });
    expect(String(error)).not.toContain("sesame");
  });

  it("rejects with an error whose data is nested without end, and continues", async () => {
    const { peer, channel } = connect();
    const answers = [failureOf(peer.request("a")), peer.request("b")] as const;
    const data = "[".repeat(50_000) + "]".repeat(50_000);
    channel.deliver({ text: `{"id":1,"error":{"code":1,"message":"deep","data":${data}}}`, truncated: false });
    expect(await answers[0]).toMatchObject({ code: "RPC_ERROR", rpcMessage: "deep" });
    channel.deliver({ id: 2, result: "fine" });
    expect(await answers[1]).toBe("fine");
  });

  it("shortens the list of all variants in its message, and keeps it in a field", async () => {
    const { peer, channel } = connect();
    const answer = failureOf(peer.request("a"));
    channel.deliver({ id: 1, error: { code: -32600, message: "x".repeat(4_000) } });
    const error = await answer;
    expect(error).toMatchObject({ rpcMessage: "x".repeat(4_000) });
    expect(String(error).length).toBeLessThan(600);
  });

  it("rejects when the answer is cut, empty or no error at all", async () => {
    const { peer, channel } = connect();
    const answers = ["a", "b", "c"].map((method) => failureOf(peer.request(method)));
    channel.deliver(
      { text: '{"id":1,"result":{"data":"xxxx', truncated: true },
      { id: 2 },
      { id: 3, error: "strange" },
    );
    expect(await Promise.all(answers)).toMatchObject([
      { code: "PROTOCOL_ERROR" },
      { code: "PROTOCOL_ERROR" },
      { code: "RPC_ERROR", rpcCode: 0 },
    ]);
  });

  it("times out by its deadline, and emits the late response as malformed", async () => {
    useFakeTimers();
    const { peer, channel, read } = connect({ requestTimeoutMs: 100 });
    const answers = [failureOf(peer.request("a")), failureOf(peer.request("b", null, { timeoutMs: 300 }))] as const;
    await vi.advanceTimersByTimeAsync(100);
    const error = await answers[0];
    expect(error).toBeInstanceOf(RpcTimeoutError);
    expect(error).toMatchObject({ code: "RPC_TIMEOUT", retryable: true, method: "a", timeoutMs: 100, sent: true });
    channel.deliver({ id: 1, result: 1 });
    expect(await read()).toMatchObject([{ kind: "malformed", raw: '{"id":1,"result":1}', problem: textWith("late") }]);
    await vi.advanceTimersByTimeAsync(200);
    expect(await answers[1]).toMatchObject({ code: "RPC_TIMEOUT", timeoutMs: 300 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("has no deadline if it is endless", async () => {
    useFakeTimers();
    const { peer } = connect();
    void peer.request("a", null, { timeoutMs: Number.POSITIVE_INFINITY });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is never sent when it is aborted before", async () => {
    const { peer, channel } = connect({ maxInFlight: 1 });
    const first = peer.request("first");
    const controller = new AbortController();
    const waiting = failureOf(peer.request("waiting", null, { signal: controller.signal }));
    controller.abort("changed my mind");
    expect(await waiting).toMatchObject({ name: "AbortError", code: "ABORTED", cause: "changed my mind" });
    expect(await failureOf(peer.request("later", null, { signal: controller.signal }))).toMatchObject({
      code: "ABORTED",
    });
    channel.deliver({ id: 1, result: "done" });
    expect(await first).toBe("done");
    expect(channel.sent.map(({ method }) => method)).toEqual(["first"]);
    expect(getEventListeners(controller.signal, "abort")).toEqual([]);
  });

  it("stops waiting when it is aborted after it was sent, and swallows the answer", async () => {
    const { peer, channel, read } = connect({ maxInFlight: 1 });
    const controller = new AbortController();
    const answer = failureOf(peer.request("a", null, { signal: controller.signal }));
    controller.abort();
    expect(await answer).toMatchObject({ code: "ABORTED" });
    channel.deliver({ id: 1, result: "ignored" }, { method: "n" });
    expect(await read()).toMatchObject([{ kind: "notification", method: "n" }]);
    const next = peer.request("b");
    channel.deliver({ id: 2, result: "two" });
    expect(await next).toBe("two");
  });

  it("waits its turn: at most 64 in flight, first in, first out, and its deadline runs meanwhile", async () => {
    useFakeTimers();
    const { peer, channel } = connect();
    const answers = Array.from({ length: 70 }, (_, index) => peer.request("m", index));
    const impatient = failureOf(peer.request("impatient", null, { timeoutMs: 10 }));
    expect(channel.sent).toHaveLength(64);
    await vi.advanceTimersByTimeAsync(10);
    expect(await impatient).toMatchObject({ code: "RPC_TIMEOUT", sent: false });
    channel.deliver(...Array.from({ length: 64 }, (_, index) => ({ id: index + 1, result: index })));
    await vi.waitUntil(() => channel.sent.length === 70);
    channel.deliver(...Array.from({ length: 6 }, (_, index) => ({ id: index + 65, result: index + 64 })));
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 70 }, (_, index) => index));
    expect(channel.sent.map(({ params }) => params)).toEqual(Array.from({ length: 70 }, (_, index) => index));
  });

  it("releases its place in flight if no response ever comes", async () => {
    const { peer, channel } = connect({ maxInFlight: 1, requestTimeoutMs: 5 });
    await failureOf(peer.request("lost"));
    const next = peer.request("next");
    channel.deliver({ id: 2, result: "came" });
    expect(await next).toBe("came");
  });

  it("rejects when it cannot be written", async () => {
    const { peer, channel } = connect();
    channel.refuseWrites(new Error("EPIPE"));
    expect(await failureOf(peer.request("a"))).toBeInstanceOf(TransportClosedError);
    expect(await failureOf(peer.notify("b"))).toBeInstanceOf(TransportClosedError);
    channel.refuseWrites(new CodexError("PROCESS_EXITED", "gone"));
    expect(await failureOf(peer.request("a"))).toMatchObject({ code: "PROCESS_EXITED" });
  });
});

describe("an overloaded server", () => {
  const refusal = { code: -32001, message: "Server overloaded; retry later." };

  it("is a retryable error of its own", async () => {
    const { peer, channel } = connect();
    const answer = failureOf(peer.request("a"));
    channel.deliver({ id: 1, error: refusal });
    const error = await answer;
    expect(error).toBeInstanceOf(RpcOverloadedError);
    expect(error).toMatchObject({ code: "SERVER_OVERLOADED", retryable: true, method: "a" });
  });

  it("[R4] is repeated after growing pauses if the call allows it, three times in all", async () => {
    useFakeTimers();
    const { peer, channel } = connect();
    const answer = failureOf(peer.request("a", null, { retryOverload: true }));
    for (let attempt = 1; attempt <= 3; attempt += 1) {
      await vi.waitUntil(() => channel.sent.length === attempt);
      channel.deliver({ id: attempt, error: refusal });
      await vi.advanceTimersByTimeAsync(300 * 2 ** (attempt - 1));
    }
    expect(await answer).toMatchObject({ code: "SERVER_OVERLOADED" });
    expect(channel.sent).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is not waited for after an abort or a close", async () => {
    const options = { requestTimeoutMs: 600_000, overloadRetry: { initialDelayMs: 60_000, maxDelayMs: 60_000 } };
    const aborted = connect(options);
    const controller = new AbortController();
    const answer = failureOf(aborted.peer.request("a", null, { retryOverload: true, signal: controller.signal }));
    aborted.channel.deliver({ id: 1, error: refusal });
    await settled();
    controller.abort();
    expect(await answer).toMatchObject({ code: "ABORTED" });

    const closed = connect(options);
    const other = failureOf(closed.peer.request("a", null, { retryOverload: true }));
    closed.channel.deliver({ id: 1, error: refusal });
    await settled();
    closed.peer.close();
    expect(await other).toBeInstanceOf(TransportClosedError);
  });
});

describe("a message of the other side", () => {
  it("arrives in order, with its line, unless it is a response", async () => {
    const { peer, channel, read } = connect();
    const answer = peer.request("a");
    channel.deliver(
      { method: "one", params: { n: 1 }, emittedAtMs: 5 },
      { id: 1, result: 1 },
      { id: "q", method: "two", params: [2] },
    );
    expect(await read()).toMatchObject([
      {
        kind: "notification",
        method: "one",
        message: { method: "one", params: { n: 1 }, emittedAtMs: 5 },
        raw: textWith("emittedAtMs"),
      },
      { kind: "request", id: "q", method: "two", params: [2] },
    ]);
    expect(await answer).toBe(1);
  });

  it("settles its request if it is a response, even without a reader", async () => {
    const { peer, channel } = connect();
    const answer = peer.request("a");
    for (let batch = 0; batch < 20; batch += 1) {
      channel.deliver(...Array.from({ length: 10_000 }, () => ({ method: "delta" })));
    }
    channel.deliver({ id: 1, result: "came" });
    expect(await answer).toBe("came");
  });

  it("[A1.2] never ends the connection by being nonsense", async () => {
    const { peer, channel, read } = connect();
    const nonsense = [
      "null",
      "5",
      "[]",
      "{}",
      "not JSON",
      '{"id":null,"method":"x"}',
      '{"id":{},"result":1}',
      '{"id":7,"result":1}',
      '{"id":"1","result":1}',
    ];
    channel.deliver(...nonsense.map((text) => ({ text, truncated: false })), {
      text: '{"method":"huge',
      truncated: true,
    });
    const messages = await read();
    expect(messages.map(({ kind, raw }) => [kind, raw])).toEqual(
      [...nonsense, '{"method":"huge'].map((raw) => ["malformed", raw]),
    );
    expect(messages.at(-1)).toMatchObject({ truncated: true });
    const answer = peer.request("a");
    channel.deliver({ id: 1, result: "fine" }, { id: 1, result: "twice" });
    expect(await answer).toBe("fine");
    expect(await read()).toMatchObject([{ kind: "malformed", problem: textWith("second") }]);
  });

  it("is answered at any later time, once", async () => {
    const { channel, read } = connect();
    channel.deliver({ id: 0, method: "first" }, { id: "b", method: "second" });
    const [first, second] = await read();
    if (first?.kind !== "request" || second?.kind !== "request") throw new Error("not two requests");
    await second.respond({ kind: "error", error: { code: -32601, message: "unknown" } });
    await first.respond({ kind: "result", result: { decision: "decline" } });
    await first.respond({ kind: "result", result: { decision: "accept" } });
    expect(channel.sent).toEqual([
      { id: "b", error: { code: -32601, message: "unknown" } },
      { id: 0, result: { decision: "decline" } },
    ]);
  });

  it("can be answered after the end without harm", async () => {
    const { peer, channel, read } = connect();
    channel.deliver({ id: 1, method: "ask" }, { id: 2, method: "ask" });
    const [first, second] = await read();
    if (first?.kind !== "request" || second?.kind !== "request") throw new Error("not two requests");
    channel.refuseWrites(new Error("EPIPE"));
    await first.respond({ kind: "result", result: {} });
    peer.close();
    await second.respond({ kind: "result", result: {} });
    expect(channel.sent).toEqual([]);
  });
});

describe("every ending", () => {
  it("[A1.22] of `close()` settles 64 requests in flight and those that wait, ends the messages and our output", async () => {
    useFakeTimers();
    const { peer, channel, read } = connect();
    const answers = Array.from({ length: 80 }, () => failureOf(peer.request("m")));
    channel.deliver({ method: "unread" });
    await settled();
    const reason = new CodexError("CLIENT_CLOSED", "closed by the user");
    peer.close(reason);
    peer.close();
    expect(await Promise.all(answers)).toEqual(answers.map(() => reason));
    expect(await failureOf(peer.request("later"))).toBe(reason);
    expect(await failureOf(peer.notify("later"))).toBe(reason);
    await peer.closed;
    expect(await read()).toMatchObject([{ method: "unread" }]);
    expect(await read()).toEqual([]);
    expect(channel.ended).toBe(true);
    expect(channel.sent).toHaveLength(64);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("by the other side rejects with the error that the owner of the channel describes", async () => {
    for (const describeClose of [gone, () => Promise.resolve(gone())]) {
      const { peer, channel, read } = connect({ describeClose });
      const answer = failureOf(peer.request("a"));
      channel.deliver({ method: "last words" });
      channel.hangUp();
      expect(await answer).toMatchObject({ code: "PROCESS_EXITED" });
      await peer.closed;
      expect(await read()).toMatchObject([{ method: "last words" }]);
      expect(await read()).toEqual([]);
      expect(channel.ended).toBe(true);
    }
  });

  it("by an error of the channel keeps it as the cause", async () => {
    const { peer, channel } = connect();
    const answer = failureOf(peer.request("a"));
    const failure = new Error("read failed");
    channel.hangUp(failure);
    expect(await answer).toMatchObject({ code: "TRANSPORT_CLOSED", cause: failure });
  });

  it("leaves no unhandled rejection if no caller waits", async () => {
    const { peer, channel } = connect({ describeClose: () => Promise.reject(new Error("no idea")) });
    channel.hangUp();
    await peer.closed;
    expect(await failureOf(peer.request("a"))).toBeInstanceOf(TransportClosedError);
  });

  const gone = (): CodexError => new CodexError("PROCESS_EXITED", "it exited");
});

function connect(options?: JsonRpcPeerOptions) {
  const channel = createMemoryChannel();
  const messages = new BatchQueue<PeerMessage>();
  const peer = createJsonRpcPeer(channel, { ...options, onMessage: (message) => messages.push(message) });
  void peer.closed.then(() => {
    messages.end();
  });
  return { peer, channel, read: createReader(messages) };
}

/** Returns a function that reads the next batch of messages; the batch is empty at the end. */
function createReader(messages: BatchQueue<PeerMessage>): () => Promise<readonly PeerMessage[]> {
  return async () => {
    const batches: (readonly PeerMessage[])[] = [];
    await messages.forEach((batch) => {
      batches.push(batch);
      return false;
    });
    return batches[0] ?? [];
  };
}

function textWith(part: string): unknown {
  return expect.stringContaining(part);
}

function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error("it did not fail"),
    (error: unknown) => error,
  );
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
