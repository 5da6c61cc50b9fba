import { describe, expect, it } from "vitest";
import { message, respond, usage, when } from "../../../src/testing/index.js";
import { harnesses } from "../harnesses.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const patience = 120_000;

describe.each(harnesses.filter((harness) => harness.deltas))("a slow reader on $name", (harness) => {
  const deltas = harness.real ? 20_000 : 100_000;
  const text = Array.from({ length: deltas }, (_, index) => String(index % 10)).join("");

  it(
    "[A1.6] receives the text of a hundred thousand deltas in few events with one lagging event, and does not delay other threads",
    { timeout: patience },
    async () => {
      await using stand = await harness.open([
        when("many", respond(message(text, { deltas: 1 }), tokens)),
        when("one", respond(message("one"), tokens)),
      ]);
      const { codex, thread } = stand;
      const slow = codex.startThread(thread).runStreamed("many");
      let read = "";
      let events = 0;
      let coalesced: number[] = [];
      const types = new Set<string>();
      for await (const event of slow) {
        events += 1;
        types.add(event.type);
        if (event.type === "codexkit.stream.lagging") coalesced = [...coalesced, event.coalesced];
        if (event.type !== "item.agentMessage.delta") continue;
        // The reader pauses until its turn and a turn of another thread have ended.
        if (read === "") expect((await codex.startThread(thread).run("one")).finalResponse).toBe("one");
        if (read === "") await slow.result();
        read += event.delta;
      }
      expect(read).toBe(text);
      expect(coalesced).toHaveLength(1);
      expect(events).toBeLessThan(1_200);
      expect([...types]).toEqual(expect.arrayContaining(["turn.started", "item.completed", "turn.completed"]));
      expect((await slow.result()).finalResponse).toBe(text);
    },
  );
});
