import { describe, expect, it } from "vitest";
import { createDeferred } from "../../src/internal/deferred.js";
import type { Thread, Turn } from "../../src/index.js";
import { gate, message, respond, usage } from "../../src/testing/index.js";
import { harnesses } from "./harnesses.js";

const tokens = usage({ input: 42, cached: 12, output: 5 });
const steerable = harnesses.filter(({ steer, real, name }) => steer && (real || name === "memory"));

/** A turn of one caller, and the way in which that caller leaves it. */
interface Leaver {
  readonly turn: Turn;
  leave(): Promise<void>;
}

/** Each way to leave a turn: starts a turn with the input. */
const waysToLeave: Readonly<Record<string, (thread: Thread, options: { readonly whenBusy: "steer" }) => Leaver>> = {
  "an abort of its signal": (thread, options) => {
    const abort = new AbortController();
    const turn = thread.runStreamed("mine", { ...options, signal: abort.signal });
    const result = turn.result();
    return {
      turn,
      async leave() {
        abort.abort("enough");
        await expect(result).rejects.toMatchObject({
          code: "ABORTED",
          cause: "enough",
          result: { status: "inProgress" },
        });
      },
    };
  },
  "a break out of the loop": (thread, options) => {
    const turn = thread.runStreamed("mine", options);
    const leaving = createDeferred<undefined>();
    const reading = (async () => {
      for await (const _ of turn) {
        await leaving.promise;
        break;
      }
    })();
    return {
      turn,
      async leave() {
        leaving.resolve(undefined);
        await reading;
        expect((await turn.result()).status).toBe("interrupted");
      },
    };
  },
  "the end of its block": (thread, options) => {
    const turn = thread.runStreamed("mine", options);
    const result = turn.result();
    return {
      turn,
      async leave() {
        await turn[Symbol.asyncDispose]();
        expect((await result).status).toBe("interrupted");
      },
    };
  },
  "the end of its handle": (thread, options) => {
    const turn = thread.runStreamed("mine", options);
    const result = turn.result();
    return {
      turn,
      async leave() {
        await thread.close();
        await expect(result).rejects.toMatchObject({ code: "CLIENT_CLOSED" });
      },
    };
  },
};

describe.each(steerable)("the participants of a turn, $name", (harness) => {
  const steps = (held: ReturnType<typeof gate>) => [
    respond(message("zero"), tokens),
    respond(held, message("one"), tokens),
    respond(message("both"), tokens),
    respond(message("next"), tokens),
  ];

  it.each(Object.entries(waysToLeave))(
    "[L6] the others get the full answer if the first one leaves by %s",
    async (_way, open) => {
      const held = gate();
      await using stand = await harness.open(steps(held));
      const thread = stand.codex.startThread(stand.thread);
      await thread.run("0");
      const other = stand.codex.resumeThread(thread.id ?? "", stand.thread);
      const { turn, leave } = open(thread, { whenBusy: "steer" });
      await held.reached;
      const joined = await other.runStreamed("theirs", { whenBusy: "steer" }).start();
      await leave();
      held.open();
      expect(await joined.result()).toMatchObject({ status: "completed", finalResponse: "both", turnId: turn.id });
      expect((await other.run("2")).finalResponse).toBe("next");
      await stand.assertDone();
    },
  );

  it.each(Object.entries(waysToLeave))(
    "[L6] the first one gets the full answer if one that joined leaves by %s",
    async (_way, open) => {
      const held = gate();
      await using stand = await harness.open(steps(held));
      const thread = stand.codex.startThread(stand.thread);
      await thread.run("0");
      const other = stand.codex.resumeThread(thread.id ?? "", stand.thread);
      const first = thread.run("mine");
      await held.reached;
      const { turn, leave } = open(other, { whenBusy: "steer" });
      await turn.start();
      await leave();
      held.open();
      expect(await first).toMatchObject({ status: "completed", finalResponse: "both", turnId: turn.id });
      expect((await thread.run("2")).finalResponse).toBe("next");
      await stand.assertDone();
    },
  );
});
