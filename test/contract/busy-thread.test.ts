import { describe, expect, it } from "vitest";
import { Codex, ThreadBusyError, type ThreadEvent } from "../../src/index.js";
import { createFakeAppServer, gate, lateReply, message, respond, usage } from "../../src/testing/index.js";
import { harnesses } from "./harnesses.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const steerable = harnesses.filter(({ steer }) => steer);

describe.each(harnesses)("a busy thread, $name", (harness) => {
  it('[A1.8] whenBusy "reject" rejects a run that starts immediately after another', async () => {
    await using stand = await harness.open([respond(message("one"), tokens)]);
    const thread = stand.codex.startThread(stand.thread);
    const first = thread.run("1");
    await expect(thread.run("2", { whenBusy: "reject" })).rejects.toBeInstanceOf(ThreadBusyError);
    expect((await first).finalResponse).toBe("one");
    await stand.assertDone();
  });
});

describe.each(steerable)("a steered thread, $name", (harness) => {
  it("[A1.8] a run that joins a turn before its start waits for it, and has the same turn", async () => {
    const held = gate();
    let joined = false;
    await using stand = await harness.open([respond(held, message("one"), tokens), respond(message("two"), tokens)]);
    const thread = stand.codex.startThread(stand.thread);
    const first = thread.run("1");
    const second = thread.runStreamed("2", { whenBusy: "steer" });
    const result = second.result().then((done) => {
      joined = true;
      return done;
    });
    await held.reached;
    await second.start();
    expect([second.status, joined]).toEqual(["running", false]);
    expect((await result).turnId).toBe((await first).turnId);
    await stand.assertDone();
  });

  it("[A1.7] a run that joins a turn has that turn's usage", async () => {
    const held = gate();
    await using stand = await harness.open([
      respond(message("zero"), tokens),
      respond(held, message("one"), tokens),
      respond(message("two"), tokens),
    ]);
    const thread = stand.codex.startThread(stand.thread);
    await thread.run("0");
    const first = thread.run("1");
    await held.reached;
    const [leader, joined] = await Promise.all([first, thread.run("2", { whenBusy: "steer" })]);
    expect(joined.usage).toEqual(leader.usage);
    expect(joined.usage.turn?.inputTokens).toBeGreaterThanOrEqual(42);
  });
});

describe("a run that waits to join a turn", () => {
  it("[A1.8] rejects at once if it is aborted, even if codex starts slowly", async () => {
    await using server = await createFakeAppServer([respond(message("one"), tokens)]);
    await using codex = new Codex(server.codexOptions());
    const [greeting, abort] = [gate(), new AbortController()];
    server.intercept("initialize", lateReply(greeting));
    const thread = codex.startThread({ skipGitRepoCheck: true, workingDirectory: "/" });
    const first = thread.run("1");
    await greeting.reached;
    const second = thread.run("2", { whenBusy: "steer", signal: abort.signal });
    abort.abort("enough");
    await expect(second).rejects.toMatchObject({ code: "ABORTED", cause: "enough" });
    greeting.open();
    expect((await first).finalResponse).toBe("one");
  });

  it("[A1.8] emits no events of a turn that ended before the join", async () => {
    await using server = await createFakeAppServer([respond(message("one"), tokens), respond(message("two"), tokens)]);
    await using codex = new Codex(server.codexOptions());
    const greeting = gate();
    server.intercept("initialize", lateReply(greeting));
    const thread = codex.startThread({ skipGitRepoCheck: true, workingDirectory: "/" });
    const first = thread.runStreamed("1");
    const firstResult = first.result();
    await greeting.reached;
    const second = thread.runStreamed("2", { whenBusy: "steer" });
    const events: ThreadEvent[] = [];
    const reading = (async () => {
      for await (const event of second) events.push(event);
    })();
    await first.interrupt();
    greeting.open();
    expect((await firstResult).status).toBe("interrupted");
    await reading;
    expect(events.filter(({ type }) => type === "turn.completed")).toHaveLength(1);
    expect((await second.result()).finalResponse).toBe("one");
    expect((await thread.run("3")).finalResponse).toBe("two");
  });
});
