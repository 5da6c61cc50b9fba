import { afterEach, describe, expect, it, vi } from "vitest";
import { Codex, RpcError, type ThreadStartOptions, type TurnOptions } from "../../../src/index.js";
import { createDeferred } from "../../../src/internal/deferred.js";
import type { ThreadEvent } from "../../../src/protocol/index.js";
import { begin, command, ended, finish, message, started } from "../thread/events.js";
import { RecordingTransport } from "./recording-transport.js";
import { useFakeTimers, useRealTimers } from "../internal/time/fake-timers.js";

const here: ThreadStartOptions = { skipGitRepoCheck: true };
const threadId = "01a2b3c4-0000-7000-8000-000000000000";
const steer = { whenBusy: "steer" } as const;

afterEach(() => useRealTimers());

describe("a turn with several participants", () => {
  it("[L6] lives while one of them wants it, and ends when the last one leaves", async () => {
    const { turn, join } = await runningTurn();
    const aborts = [new AbortController(), new AbortController()];
    const joined = await Promise.all(aborts.map(({ signal }) => join({ signal })));
    const third = await join();
    const [, first] = [aborts[0]?.abort("a"), joined[0]?.result()];
    await expect(first).rejects.toMatchObject({ code: "ABORTED", cause: "a" });
    await turn.first[Symbol.asyncDispose]();
    aborts[1]?.abort("b");
    await expect(joined[1]?.result()).rejects.toMatchObject({ code: "ABORTED", cause: "b" });
    expect([turn.codex.closed.settled, third.status]).toEqual([false, "running"]);
    await third[Symbol.asyncDispose]();
    expect([turn.codex.closed.settled, third.status]).toEqual([true, "interrupted"]);
  });

  it("[L6] a participant that left has the work so far; the others have all of it", async () => {
    const { turn, join } = await runningTurn();
    const other = await join();
    turn.codex.say(finish(message("m1", "half")), begin(command("c")));
    await new Promise(setImmediate);
    await turn.first[Symbol.asyncDispose]();
    expect([turn.first.status, turn.first.id]).toEqual(["interrupted", "turn-1"]);
    turn.codex.say(finish(command("c")), finish(message("m2", "whole")), ended());
    const [left, whole] = await Promise.all([turn.first.result(), other.result()]);
    expect(left).toMatchObject({ status: "interrupted", items: [{ id: "m1" }], unfinishedItems: [{ id: "c" }] });
    expect(whole).toMatchObject({ status: "completed", finalResponse: "whole", unfinishedItems: [] });
    expect(whole.items.map(({ id }) => id)).toEqual(["m1", "c", "m2"]);
    await expect(turn.first.steer("x")).rejects.toMatchObject({ code: "TURN_NOT_ACTIVE" });
    await turn.first.interrupt();
  });

  it.each(["timeoutMs", "idleTimeoutMs"] as const)(
    "[L6] the limit %s of one participant ends its own part only",
    async (limit) => {
      useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
      const { turn, join } = await runningTurn({ [limit]: 1_000 });
      const first = turn.first.result();
      const [patient, hasty] = [await join(), await join({ [limit]: 500 })];
      const failed = hasty.result();
      await vi.advanceTimersByTimeAsync(501);
      await expect(failed).rejects.toMatchObject({
        code: "TURN_TIMEOUT",
        limit,
        message: expect.stringMatching(/500 ms \(`\w+`\), and continues for its other callers\.$/) as unknown,
      });
      await vi.advanceTimersByTimeAsync(500);
      await expect(first).rejects.toMatchObject({ code: "TURN_TIMEOUT", limit });
      turn.codex.say(finish(message("m", "done")), ended());
      expect((await patient.result()).finalResponse).toBe("done");
      expect(vi.getTimerCount()).toBe(0);
    },
  );

  it("[L6] the idle limit of a participant that joins while a command runs is paused", async () => {
    useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    const { turn, join } = await runningTurn();
    turn.codex.say(begin(command("c")));
    const joined = await join({ idleTimeoutMs: 100 });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(joined.status).toBe("running");
    turn.codex.say(finish(command("c")), ended());
    expect((await joined.result()).status).toBe("completed");
  });

  it("[L6] `interrupt()` ends it for all, also after the caller that started it has left", async () => {
    const { turn, join } = await runningTurn();
    const [one, two] = [await join(), await join()];
    await turn.first[Symbol.asyncDispose]();
    await one.interrupt();
    expect(turn.codex.interrupts).toBe(1);
    expect([(await one.result()).status, (await two.result()).status]).toEqual(["interrupted", "interrupted"]);
  });

  it("[L6] continues if it belongs to a run that is aborted", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread(here);
    const opened = transport.nextTurn();
    const abort = new AbortController();
    const run = thread.runAuto("first", { signal: abort.signal });
    const turn = await opened;
    turn.say(started());
    const joined = await thread.runStreamed("more", steer).start();
    abort.abort("enough");
    await expect(run).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
    turn.say(finish(message("m", "done")), ended());
    expect((await joined.result()).finalResponse).toBe("done");
  });

  it("[L6] the end of the thread or of the client ends it for all participants of theirs", async () => {
    for (const end of ["thread", "client"] as const) {
      const { turn, join, thread, codex } = await runningTurn();
      const results = [turn.first.result(), (await join()).result(), (await join()).result()];
      await (end === "thread" ? thread.close() : codex.close());
      for (const result of results) await expect(result).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
      expect(turn.codex.closed.settled).toBe(true);
    }
  });

  it("[L6] a closed handle releases its thread when the turn has ended for the callers of other handles", async () => {
    const { turn, thread, codex, transport } = await runningTurn();
    const other = codex.resumeThread(threadId, here).runStreamed("more", steer);
    await other.start();
    await thread.close();
    expect(transport.sent).not.toContain("close thread");
    turn.codex.say(finish(message("m", "done")), ended());
    expect((await other.result()).finalResponse).toBe("done");
    await codex.close();
    expect(transport.sent).toContain("close thread");
  });

  it("[L6] a caller whose input is on its way keeps the turn alive", async () => {
    const { turn, thread } = await runningTurn();
    const answered = createDeferred<undefined>();
    turn.codex.steerAnswered = answered.promise;
    const events: string[] = [];
    const joining = thread.runStreamed("more", steer);
    const reading = (async () => {
      for await (const { type } of joining) events.push(type);
    })();
    await expect.poll(() => turn.codex.steered.length).toBe(1);
    await turn.first[Symbol.asyncDispose]();
    turn.codex.say(finish(message("m", "done")), ended());
    answered.resolve(undefined);
    await reading;
    expect((await joining.result()).finalResponse).toBe("done");
    expect(events.slice(-2)).toEqual(["item.completed", "turn.completed"]);
  });

  it("[L6] ends if the only caller left is one whose input codex refuses, and that caller gets the refusal", async () => {
    const { turn, thread } = await runningTurn();
    const answered = createDeferred<undefined>();
    turn.codex.steerAnswered = answered.promise;
    const joining = thread.run("more", steer);
    await expect.poll(() => turn.codex.steered.length).toBe(1);
    await turn.first[Symbol.asyncDispose]();
    turn.codex.steerError = new RpcError("turn/steer", { code: -32602, message: "Input exceeds the maximum length" });
    answered.resolve(undefined);
    await expect(joining).rejects.toMatchObject({ code: "RPC_ERROR" });
    expect(turn.codex.closed.settled).toBe(true);
  });

  it("[L6] takes no caller any more when it is ending: that caller has a turn of its own", async () => {
    const { turn, thread, transport } = await runningTurn();
    const leaving = turn.first[Symbol.asyncDispose]();
    const opened = transport.nextTurn();
    const late = thread.run("more", steer);
    await leaving;
    (await opened).say(started(), finish(message("m", "own")), ended());
    expect((await late).finalResponse).toBe("own");
    expect(turn.codex.steered).toEqual([]);
  });

  it("[L6] a caller that leaves before the turn runs ends it, because no other caller has joined it yet", async () => {
    const transport = new RecordingTransport();
    const thread = new Codex({ transport }).startThread(here);
    const opened = transport.nextTurn();
    const abort = new AbortController();
    const first = thread.run("first", { signal: abort.signal });
    const second = thread.runStreamed("second", steer);
    const events: ThreadEvent[] = [];
    const reading = (async () => {
      for await (const event of second) events.push(event);
    })();
    const turn = await opened;
    const again = transport.nextTurn();
    abort.abort("enough");
    await expect(first).rejects.toMatchObject({ code: "ABORTED" });
    expect(turn.closed.settled).toBe(true);
    (await again).say(started(), finish(message("m", "own")), ended());
    await reading;
    expect(events.map(({ type }) => type)).toEqual(["turn.started", "item.completed", "turn.completed"]);
  });
});

/** A thread with a running turn, and a function that joins it. */
async function runningTurn(options: TurnOptions = {}) {
  const transport = new RecordingTransport();
  const codex = new Codex({ transport });
  const thread = codex.resumeThread(threadId, here);
  const opened = transport.nextTurn();
  const first = thread.runStreamed("first", options);
  const starting = first.start();
  const turn = { codex: await opened, first };
  turn.codex.say(started());
  await starting;
  const join = (more: TurnOptions = {}) => thread.runStreamed("more", { ...steer, ...more }).start();
  return { transport, codex, thread, turn, join };
}
