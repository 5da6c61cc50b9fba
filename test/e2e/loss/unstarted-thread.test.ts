import { describe, expect, it } from "vitest";
import { type AutoRunCheckpoint, type ThreadEvent, type ThreadState } from "../../../src/index.js";
import { message, repeat, respond } from "../../../src/testing/index.js";
import { openRealCodex } from "../real-codex.js";

describe("a thread without a turn, which codex does not store", { timeout: 60_000 }, () => {
  it("[L4] is started anew by another client that resumes its state, with an event", async () => {
    await using real = await openRealCodex("app-server", [repeat(respond(message("fine")))]);
    const thread = real.codex.startThread(real.thread);
    const id = await thread.start();
    const state = copyOf(thread.toJSON());
    await real.codex.close();
    const other = real.client().resumeThread(state, real.thread);
    const turn = other.runStreamed("first words");
    const events: ThreadEvent[] = [];
    for await (const event of turn) events.push(event);
    expect(await turn.result()).toMatchObject({ finalResponse: "fine", threadId: other.id });
    expect(other.id).not.toBe(id);
    const replaced = events.filter(({ type }) => type === "codexkit.thread.replaced");
    expect(replaced).toMatchObject([{ threadId: other.id, replacedThreadId: id }]);
    expect(other.toJSON()).not.toHaveProperty("unstarted");
    expect((await other.run("again")).threadId).toBe(other.id);
  });

  it("[L4] continues in the same handle after its codex died", async () => {
    await using real = await openRealCodex("app-server", [repeat(respond(message("fine")))]);
    const thread = real.codex.startThread(real.thread);
    const id = await thread.start();
    for (const pid of real.pids) process.kill(pid, "SIGKILL");
    await expect
      .poll(() => thread.run("first words").then(({ finalResponse }) => finalResponse, String), { timeout: 20_000 })
      .toBe("fine");
    expect(thread.id).not.toBe(id);
  });

  it("[L4] a thread that had a turn is not started anew if its history is gone", async () => {
    await using real = await openRealCodex("app-server", [repeat(respond(message("fine")))]);
    const thread = real.codex.startThread(real.thread);
    await thread.run("first words");
    const state = { ...copyOf(thread.toJSON()), threadId: "01a00000-0000-7000-8000-000000000000" };
    await real.codex.close();
    const other = real.client().resumeThread(state, real.thread);
    await expect(other.run("more")).rejects.toMatchObject({ code: "THREAD_NOT_FOUND" });
  });

  it("[R5] a run that was saved before its first turn continues", async () => {
    await using real = await openRealCodex("app-server", [repeat(respond(message("fine")))]);
    const thread = real.codex.startThread(real.thread);
    await thread.start();
    const saved: AutoRunCheckpoint[] = [];
    const stop = new AbortController();
    const run = thread.runAuto("work", {
      signal: stop.signal,
      checkpoint: (state) => {
        saved.push(copyOf(state));
        stop.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: "ABORTED" });
    await real.codex.close();
    const [first] = saved;
    expect(first).toMatchObject({ unstarted: true, run: { phase: "inTurn", turn: 1 } });
    const result = await real
      .client()
      .resumeThread(first ?? "", real.thread)
      .resumeAuto();
    expect(result).toMatchObject({ stopReason: "completed", finalResponse: "fine" });
    expect(real.model.requests.map(({ userTexts }) => userTexts.at(-1))).toEqual([expect.stringMatching(/work$/)]);
  });
});

function copyOf<State extends ThreadState>(state: State): State {
  return structuredClone(state);
}
