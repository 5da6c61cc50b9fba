import { describe, expect, it } from "vitest";
import { gate, message, respond, usage } from "../../src/testing/index.js";
import { harnesses } from "./harnesses.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });

describe.each(harnesses)("two handles of one thread on $name", (harness) => {
  it("[A1.8] share one queue: each run has its own turn and usage", async () => {
    const steps = ["one", "two", "three"].map((text) => respond(message(text), tokens));
    await using stand = await harness.open(steps);
    const first = stand.codex.startThread(stand.thread);
    await first.run("1");
    const second = stand.codex.resumeThread(first.toJSON(), stand.thread);
    const results = await Promise.all([first.run("2"), second.run("3")]);
    expect(results.map(({ finalResponse }) => finalResponse)).toEqual(["two", "three"]);
    expect(results.map(({ usage: used }) => [used.turn?.inputTokens, used.thread?.inputTokens])).toEqual([
      [42, 84],
      [42, 126],
    ]);
    await stand.assertDone();
  });

  it("[A1.8] share the state of a busy thread, even directly after its first turn has received the thread id", async () => {
    const held = gate();
    await using stand = await harness.open([respond(held, message("one"), tokens), respond(message("both"), tokens)]);
    const first = stand.codex.startThread(stand.thread);
    const turn = first.runStreamed("1");
    for await (const event of turn) {
      if (event.type !== "turn.started") continue;
      const second = stand.codex.resumeThread(first.id ?? "", stand.thread);
      await expect(second.run("2", { whenBusy: "reject" })).rejects.toMatchObject({ code: "THREAD_BUSY" });
      if (harness.steer) {
        const joined = second.runStreamed("3", { whenBusy: "steer" });
        const result = joined.result();
        await joined.start();
        held.open();
        expect((await result).turnId).toBe(turn.id);
      }
      held.open();
    }
    expect((await turn.result()).status).toBe("completed");
  });
});
