import { describe, expect, it } from "vitest";
import { createLazyTransport } from "../../../src/client/lazy-transport.js";
import { ClientClosedError } from "../../../src/errors/client-closed-error.js";
import { createAppServerTransport } from "../../../src/transport/app-server/app-server-transport.js";
import { createExecTransport } from "../../../src/transport/exec/exec-transport.js";
import type { TurnMessage } from "../../../src/transport/transport.js";
import { RecordingTransport } from "./recording-transport.js";

const spec = { threadId: null, options: { model: "one" } };
const turn = { input: [{ type: "text", text: "Hello" }], options: {}, outputSchema: null } as const;

function stand() {
  const transport = new RecordingTransport();
  let loads = 0;
  const lazy = createLazyTransport("app-server", () => {
    loads += 1;
    return Promise.resolve(transport);
  });
  return { transport, lazy, loads: () => loads };
}

describe("a transport that is loaded on first use", () => {
  it("is not loaded by a thread, its changes and its turns before the first pull", async () => {
    const { transport, lazy, loads } = stand();
    const thread = lazy.openThread(spec);
    thread.update({ model: "two" });
    thread.openTurn(turn);
    await Promise.resolve();
    expect([loads(), transport.threads]).toEqual([0, []]);
    expect(thread.storedTools).toBeUndefined();
  });

  it("repeats the changes of a thread on its connection, in order, and opens it once", async () => {
    const { transport, lazy, loads } = stand();
    const thread = lazy.openThread(spec);
    thread.update({ model: "two" });
    thread.update({ model: "three" });
    expect(await Promise.all([thread.start(), thread.start()])).toEqual(["thread-1", "thread-1"]);
    thread.update({ model: "four" });
    expect(transport.threads).toEqual([spec]);
    expect(transport.updates.map(({ model }) => model)).toEqual(["two", "three", "four"]);
    expect(loads()).toBe(1);
  });

  it("passes on the messages and the calls of a turn", async () => {
    const { transport, lazy } = stand();
    const connection = lazy.openThread(spec).openTurn(turn);
    const opened = transport.nextTurn();
    const batches: (readonly TurnMessage[])[] = [];
    const running = connection.run((batch) => {
      batches.push(batch);
      return undefined;
    });
    const recorded = await opened;
    recorded.say({ type: "turn.started", threadId: "thread-1", turnId: "turn-1" });
    await connection.steer([{ type: "text", text: "more" }]);
    await connection.interrupt();
    await connection.close();
    await running;
    expect(batches.flat()).toMatchObject([
      { kind: "event", event: { type: "turn.started" } },
      { kind: "event", event: { type: "turn.completed" } },
    ]);
    expect(recorded.steered).toEqual([[{ type: "text", text: "more" }]]);
    expect(recorded.interrupts).toBe(1);
    expect(recorded.closed.settled).toBe(true);
  });

  it("closes a thread that was closed before it was loaded, and does not load it for that", async () => {
    const { transport, lazy, loads } = stand();
    const thread = lazy.openThread(spec);
    await thread.close();
    expect(loads()).toBe(0);
    await thread.start();
    expect(transport.sent).toEqual(["close thread", "start"]);
  });

  it("opens threads on the loaded transport itself", async () => {
    const { transport, lazy } = stand();
    await lazy.ready();
    lazy.openThread(spec);
    expect(transport.threads).toEqual([spec]);
  });

  it("is not loaded by `close()`, and rejects later calls with `ClientClosedError`", async () => {
    const { transport, lazy, loads } = stand();
    await lazy.close();
    expect(loads()).toBe(0);
    await expect(lazy.ready()).rejects.toThrow(ClientClosedError);
    await expect(lazy.request("model/list", {})).rejects.toThrow(ClientClosedError);
    await expect(lazy.openThread(spec).start()).rejects.toThrow(ClientClosedError);
    expect(transport.sent).toEqual([]);
  });

  it("has the features of the transport that it loads", () => {
    const refuse = (): never => {
      throw new Error("Nothing is started.");
    };
    const shared = { client: {}, env: {}, locate: refuse, warn: refuse, createToolServer: refuse };
    const named = { ...shared, clientName: "test", clientVersion: "0" };
    for (const real of [createAppServerTransport(named), createExecTransport(shared)]) {
      expect(createLazyTransport(real.name, () => Promise.resolve(real)).features).toEqual(real.features);
    }
  });
});
