import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it, test } from "vitest";
import {
  Codex,
  CodexError,
  ProtocolError,
  RpcError,
  type ThreadStartOptions,
  type ThreadState,
  TurnFailedError,
} from "../../../src/index.js";
import type { ThreadEvent } from "../../../src/protocol/index.js";
import { partialResultOf } from "../../../src/thread/turn/turn-result.js";
import { createScratchFolder } from "../process/scratch-folder.js";
import { begin, command, ended, endedOnExec, finish, message, started, tokens, usageReport } from "../thread/events.js";
import { collectGarbage } from "../thread/collect-garbage.js";
import { RecordingTransport, type RecordedTurn } from "./recording-transport.js";

const here: ThreadStartOptions = { skipGitRepoCheck: true };
const threadId = "01a2b3c4-0000-7000-8000-000000000000";
const writable: ThreadStartOptions = { ...here, sandboxMode: "workspace-write", networkAccessEnabled: true };

describe("run()", () => {
  it("[A1.6] keeps no events, because they have no reader", async () => {
    const transport = new RecordingTransport();
    const opened = transport.nextTurn();
    const result = new Codex({ transport }).startThread(here).run("x");
    const turn = await opened;
    turn.say(started());
    const seen = new WeakRef(begin(message("m", "hello")));
    turn.say(...[seen.deref()].filter((event) => event !== undefined), finish(message("m", "hello")));
    await expect
      .poll(async () => {
        // Running code holds the most recent events.
        turn.say(started());
        await collectGarbage();
        return seen.deref();
      })
      .toBeUndefined();
    turn.say(ended());
    expect((await result).finalResponse).toBe("hello");
  });
});

describe("a thread's options", () => {
  it("reach codex with absolute paths, resolved against the process's directory at the time of the call", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread({
      ...here,
      sandboxMode: "workspace-write",
      workingDirectory: "src",
      additionalDirectories: ["test"],
    });
    expect(transport.threads[0]?.options).toMatchObject({
      workingDirectory: resolve("src"),
      additionalDirectories: [resolve("test")],
    });
    const opened = transport.nextTurn();
    const run = thread.run("x", { workingDirectory: "test", additionalDirectories: ["src"] });
    const turn = await opened;
    expect(turn.spec.options).toEqual({ workingDirectory: resolve("test"), additionalDirectories: [resolve("src")] });
    turn.say(started(), ended());
    await run;
  });

  it("a turn in a narrower sandbox may omit the thread's sandbox options", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread({ ...writable, additionalDirectories: ["/"] });
    for (const sandboxMode of ["read-only", "danger-full-access"] as const) {
      const opened = transport.nextTurn();
      const run = thread.run("x", { sandboxMode });
      (await opened).say(started(), ended());
      await run;
    }
    expect(() => thread.runStreamed("x", { sandboxMode: "read-only", networkAccessEnabled: true })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });

  it("an update may set one option of a pair if the other one is in force", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread({ ...here, sandboxMode: "workspace-write" });
    await thread.update({ networkAccessEnabled: true });
    expect(transport.updates.at(-1)).toMatchObject({ sandboxMode: "workspace-write", networkAccessEnabled: true });
    await expect(thread.update({ sandboxMode: "read-only" })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });

  it("an update ignores undefined options, and two concurrent updates both apply", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread({ ...here, model: "a", serviceTier: "flex" });
    await Promise.all([
      thread.update({ model: "b", serviceTier: undefined }),
      thread.update({ modelReasoningEffort: "low" }),
    ]);
    expect(transport.updates.at(-1)).toMatchObject({ model: "b", serviceTier: "flex", modelReasoningEffort: "low" });
  });

  it("an update cannot set a provider other than the client's baseUrl", async () => {
    const codex = new Codex({ baseUrl: "http://localhost:9/v1", transport: "exec", codexPathOverride: "/nowhere" });
    const thread = codex.startThread(here);
    await expect(thread.update({ modelProvider: "x" })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  });
});

test("[A13] the duration of a result is a whole number of milliseconds", async () => {
  const transport = new RecordingTransport("app-server");
  const opened = transport.nextTurn();
  const run = new Codex({ transport }).startThread(here).run("x");
  (await opened).say(started(), finish(message("m", "Hi")), ended());
  expect((await run).durationMs).toSatisfy(Number.isInteger);
});

describe("a saved thread", () => {
  it("[A8] without a turn has a state, which becomes a new thread with the same options", async () => {
    const transport = new RecordingTransport("app-server");
    const thread = new Codex({ transport }).startThread({ ...writable, developerInstructions: "Be brief" });
    const state = JSON.parse(JSON.stringify(thread)) as ThreadState;
    expect(state).toMatchObject({ version: 2, threadId: null, usage: null, run: null });
    const again = new Codex({ transport }).resumeThread(state);
    expect([again.id, again.toJSON()]).toEqual([null, state]);
    const opened = transport.nextTurn();
    const run = again.run("x");
    const said: ThreadEvent = { type: "thread.started", threadId, turnId: null };
    (await opened).say(said, started(null), finish(message("m", "Hi")), endedOnExec(tokens(1, 0, 1)));
    await run;
    expect(again.toJSON()).toMatchObject({ threadId, options: { ...writable, developerInstructions: "Be brief" } });
  });

  it("resumes in its directory, with its options and its token count", async () => {
    const transport = new RecordingTransport("exec");
    const thread = new Codex({ transport }).startThread({
      ...writable,
      workingDirectory: "src",
      outputSchema: { type: "object", properties: {} },
    });
    const opened = transport.nextTurn();
    const run = thread.run("x");
    const said: ThreadEvent = { type: "thread.started", threadId, turnId: null };
    (await opened).say(said, started(null), finish(message("m", "{}")), endedOnExec(tokens(42, 12, 5)));
    await run;
    const state = thread.toJSON();
    expect(JSON.parse(JSON.stringify(state))).toEqual({
      version: 2,
      threadId,
      transport: "exec",
      options: { ...writable, workingDirectory: resolve("src") },
      usage: tokens(42, 12, 5),
      tools: {},
      interruptions: { requests: [], decisions: [] },
      run: null,
    });

    const other = new RecordingTransport("exec");
    const resumed = new Codex({ transport: other }).resumeThread(state, {
      networkAccessEnabled: undefined,
      model: "b",
    });
    expect(other.threads[0]).toMatchObject({
      threadId,
      tools: { stored: {} },
      asks: false,
      options: { ...writable, workingDirectory: resolve("src"), model: "b" },
    });
    const again = other.nextTurn();
    const second = resumed.run("y");
    (await again).say(started(null), endedOnExec(tokens(84, 24, 10)));
    expect((await second).usage).toEqual({ turn: tokens(42, 12, 5), thread: tokens(84, 24, 10) });
  });

  it("resumes in the directory of the process only if `workingDirectory` is set", () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).resumeThread(threadId, here);
    expect(thread.toJSON().options.workingDirectory).toBe(process.cwd());
  });

  it("accepts one option of a pair on resume, and rejects options of new threads", () => {
    const transport = new RecordingTransport();
    const codex = new Codex({ transport });
    const state = codex.resumeThread(threadId, { ...here, sandboxMode: "workspace-write" }).toJSON();
    expect(() => codex.resumeThread(state, { networkAccessEnabled: true })).not.toThrow();
    expect(() => codex.resumeThread(state, { ephemeral: true })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
    expect(() => codex.resumeThread(state, { sandboxMode: "read-only", networkAccessEnabled: true })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });
});

describe("a turn that joins the running turn", () => {
  it("has its result, its ids and its usage", async () => {
    const { thread, turn, first } = await runningTurn();
    const second = thread.runStreamed("more", { whenBusy: "steer" });
    await second.start();
    expect(turn.steered).toEqual([[{ type: "text", text: "more" }]]);
    turn.say(finish(message("m", "both")), usageReport(tokens(42, 12, 5), tokens(42, 12, 5)), ended());
    expect(await second.result()).toMatchObject({
      finalResponse: "both",
      turnId: "turn-1",
      usage: { turn: tokens(42, 12, 5) },
    });
    expect((await first).finalResponse).toBe("both");
  });

  it("[A1.9] rejects like the other turn if codex died", async () => {
    const { thread, turn, first } = await runningTurn();
    const second = thread.runStreamed("more", { whenBusy: "steer" });
    await second.start();
    turn.die(new ProtocolError("gone"));
    await expect(first).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
    await expect(second.result()).rejects.toMatchObject({ code: "PROTOCOL_ERROR" });
  });

  it("interrupts and steers the joined turn", async () => {
    const { thread, turn, first } = await runningTurn();
    const second = await thread.runStreamed("more", { whenBusy: "steer" }).start();
    await second.steer("and more");
    expect(turn.steered.at(-1)).toEqual([{ type: "text", text: "and more" }]);
    await second.interrupt();
    expect(turn.interrupts).toBe(1);
    expect((await second.result()).status).toBe("interrupted");
    expect((await first).status).toBe("interrupted");
  });

  it("ends by its own signal or limit, and the other turn continues", async () => {
    const { thread, turn, first } = await runningTurn();
    const controller = new AbortController();
    const second = thread.runStreamed("more", { whenBusy: "steer", signal: controller.signal });
    await second.start();
    controller.abort("enough");
    await expect(second.result()).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
    const third = thread.run("yet more", { whenBusy: "steer", timeoutMs: 20 });
    await expect(third).rejects.toMatchObject({ code: "TURN_TIMEOUT" });
    expect(turn.interrupts).toBe(0);
    turn.say(finish(message("m", "done")), ended());
    expect((await first).finalResponse).toBe("done");
  });

  it("[A1.8] becomes a turn of its own if the other turn has ended", async () => {
    const { thread, transport, turn, first } = await runningTurn();
    turn.steerError = new RpcError("turn/steer", { code: -32600, message: "no active turn to steer" });
    const opened = transport.nextTurn();
    const second = thread.run("more", { whenBusy: "steer" });
    await Promise.resolve();
    turn.say(ended());
    await first;
    (await opened).say(started(), finish(message("m", "own")), ended());
    expect((await second).finalResponse).toBe("own");
  });

  it("checks an image before it is added", async () => {
    const { thread, turn, first } = await runningTurn();
    const path = join(createScratchFolder(), "text.png");
    writeFileSync(path, "no image");
    const image = [{ type: "local_image", path }] as const;
    await expect(thread.run(image, { whenBusy: "steer" })).rejects.toMatchObject({ code: "IMAGE_UNREADABLE" });
    expect(turn.steered).toEqual([]);
    turn.say(ended());
    await first;
  });
});

describe("steering", () => {
  it("throws a typed error if the turn is not running", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread(here);
    const opened = transport.nextTurn();
    const turn = thread.runStreamed("x");
    await expect(turn.steer("y")).rejects.toMatchObject({ code: "TURN_NOT_ACTIVE" });
    const result = turn.result();
    const recorded = await opened;
    recorded.say(started());
    recorded.steerError = new RpcError("turn/steer", {
      code: -32600,
      message: "expected active turn id `a` but found `b`",
    });
    await expect(turn.steer("y")).rejects.toMatchObject({ code: "TURN_NOT_ACTIVE" });
    recorded.say(ended());
    await result;
    await expect(turn.steer("y")).rejects.toMatchObject({ code: "TURN_NOT_ACTIVE" });
  });
});

describe("a turn's end", () => {
  it("reports the failure of the turn even if an interrupt was pending", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread(here);
    const opened = transport.nextTurn();
    const turn = thread.runStreamed("x");
    const result = turn.result();
    const recorded = await opened;
    recorded.say(started());
    await turn.start();
    recorded.say(ended("failed"));
    const interrupting = turn.interrupt();
    await expect(result).rejects.toBeInstanceOf(TurnFailedError);
    await interrupting;
  });

  it("[A1.22] closing a thread settles its running and its waiting turns, and refuses later ones", async () => {
    const { thread, transport, first } = await runningTurn();
    const waiting = thread.run("later");
    await Promise.all([thread.close(), thread.close()]);
    for (const run of [first, waiting]) await expect(run).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    expect(transport.sent).toEqual(["turn", "close thread"]);
    expect(() => thread.runStreamed("x")).toThrow(expect.objectContaining({ code: "CLIENT_CLOSED" }));
    await expect(thread.start()).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
    await expect(thread.update({ model: "x" })).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
  });

  it("carries all completed work, for every kind of ending", async () => {
    for (const end of [
      (turn: RecordedTurn) => {
        turn.say(ended("failed"));
      },
      (turn: RecordedTurn) => {
        turn.die(new ProtocolError("gone"));
      },
    ]) {
      const { turn, first } = await runningTurn();
      turn.say(finish(message("m", "half")), begin(command("c")));
      end(turn);
      const error: unknown = await first.catch((thrown: unknown) => thrown);
      expect(CodexError.isInstance(error)).toBe(true);
      expect(partialResultOf(error)).toMatchObject({
        finalResponse: "half",
        items: [{ id: "m" }],
        unfinishedItems: [{ id: "c" }],
        threadId: "thread-1",
        turnId: "turn-1",
      });
    }
    expect(partialResultOf(new Error("another"))).toBeNull();
    expect(partialResultOf("text")).toBeNull();
    expect(partialResultOf(Object.assign(new Error("x"), { result: 7 }))).toBeNull();
  });
});

/** A thread with a running turn. */
async function runningTurn() {
  const transport = new RecordingTransport();
  const thread = new Codex({ transport }).startThread(here);
  const opened = transport.nextTurn();
  const streamed = thread.runStreamed("first");
  const first = streamed.result();
  const turn = await opened;
  turn.say(started());
  await streamed.start();
  return { transport, thread, turn, first };
}
