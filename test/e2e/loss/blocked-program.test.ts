import { describe, expect, it } from "vitest";
import { message, repeat, respond, shell } from "../../../src/testing/index.js";
import { openRealCodex, transports } from "../real-codex.js";

describe.each(transports)("a host program that blocks its event loop, %s", (transport) => {
  it(
    "[L7] does not lose a turn whose events waited in the pipe for longer than idleTimeoutMs",
    { timeout: 60_000 },
    async () => {
      const steps = [respond(shell("sleep 0.3; echo done")), repeat(respond(message("all told")))];
      await using real = await openRealCodex(transport, steps);
      const turn = real.codex.startThread(real.thread).runStreamed("hello", { idleTimeoutMs: 6_000 });
      let blocked = false;
      for await (const event of turn) {
        if (blocked || event.type !== "item.completed" || event.item.type !== "commandExecution") continue;
        blocked = true;
        setTimeout(() => blockFor(7_500), 0);
      }
      expect(await turn.result()).toMatchObject({ status: "completed", finalResponse: "all told" });
      expect(blocked).toBe(true);
    },
  );
});

function blockFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}
