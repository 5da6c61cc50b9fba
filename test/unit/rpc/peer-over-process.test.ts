import { describe, expect, it } from "vitest";
import { createJsonRpcPeer, type JsonRpcPeerOptions } from "../../../src/rpc/json-rpc-peer.js";
import { stopPlans, stopProcess } from "../../../src/process/stop/stop-process.js";
import { startAgent } from "../process/agents.js";

describe("a peer over a real process", () => {
  it("has at most 64 of 500 requests in flight, and receives every response", async () => {
    const { peer } = await connect();
    const answers = Array.from({ length: 500 }, (_, index) => peer.request("echo", { index }));
    expect(await Promise.all(answers)).toEqual(answers.map((_, index) => ({ index })));
    expect(await peer.request("peak")).toBe(64);
  });

  it("retries while the server answers -32001, and loses no response", async () => {
    const { peer } = await connect({ overloadRetry: { maxAttempts: 4, initialDelayMs: 1 } });
    expect(await peer.request("overloaded", { times: 3 }, { retryOverload: true })).toEqual({ refusals: 3 });
    await expect(peer.request("silent", null, { timeoutMs: 30 })).rejects.toMatchObject({
      code: "RPC_TIMEOUT",
      sent: true,
    });
    expect(await peer.request("echo", "alive")).toBe("alive");
  });

  it("answers a request of the server while its own waits", async () => {
    const { peer } = await connect({
      onMessage: (message) => {
        if (message.kind === "request")
          void message.respond({ kind: "result", result: { yes: message.params ?? null } });
      },
    });
    const answer = peer.request("ask", { please: true });
    expect(await answer).toEqual({ got: { yes: { please: true } } });
  });

  it("carries 10 MB both ways", async () => {
    const { peer } = await connect();
    const text = "é\u2028".repeat(2_000_000);
    expect(await peer.request("echo", text)).toBe(text);
  });

  it("[A1.9] settles everything with the exit and the last words of a server that dies", async () => {
    const { peer, agent } = await connect();
    const answers = Array.from({ length: 63 }, () => peer.request("silent").catch((error: unknown) => error));
    await expect(peer.request("die", null, { timeoutMs: 10_000 })).rejects.toMatchObject({ code: "PROCESS_EXITED" });
    for (const error of await Promise.all(answers)) {
      expect(error).toMatchObject({ code: "PROCESS_EXITED", exitCode: 7, stderr: "Error: out of luck" });
    }
    expect(await agent.exited).toEqual({ code: 7, signal: null });
    await expect(peer.request("echo")).rejects.toMatchObject({ code: "PROCESS_EXITED", exitCode: 7 });
  });

  it("[A1.22] closes with 64 requests pending, and the process ends by the end of its input", async () => {
    const { peer, agent } = await connect();
    const answers = Array.from({ length: 64 }, () => peer.request("silent").catch((error: unknown) => error));
    peer.close();
    for (const error of await Promise.all(answers)) expect(error).toMatchObject({ code: "TRANSPORT_CLOSED" });
    expect(await stopProcess(agent, stopPlans.appServer)).toEqual({ code: 0, signal: null });
  });

  async function connect(options: JsonRpcPeerOptions = {}) {
    const agent = await startAgent("rpc-server.mjs");
    const describeClose = () => agent.describeExit();
    return { agent, peer: createJsonRpcPeer(agent, { describeClose, ...options }) };
  }
});
