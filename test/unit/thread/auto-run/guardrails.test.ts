import { describe, expect, it } from "vitest";
import { z } from "zod";
import { GuardrailError } from "../../../../src/errors/guardrail-error.js";
import { gate, message, respond, shell } from "../../../../src/testing/index.js";
import { autoRunResultOf, MaxTurnsError } from "../../../../src/thread/auto-run/auto-run-errors.js";
import type { GuardrailVerdict } from "../../../../src/thread/auto-run/run-guardrails.js";
import { collect, errorOf, openRunStand } from "./run-stand.js";

const allow = (): GuardrailVerdict => ({ behavior: "allow" });
const reject = (): GuardrailVerdict => ({ behavior: "reject", message: "Not that." });
const trip = (): GuardrailVerdict => ({ behavior: "throw" });

describe("input guardrails", () => {
  it("[A2.9] run all blocking checks at once and start the turn after the last one allows", async () => {
    await using stand = openRunStand([respond(message("Done"))]);
    const seen: unknown[] = [];
    const first = withResolvers();
    const input = [
      {
        name: "slow",
        check: async ({ input: given, context }: { input: unknown; context: unknown }) => {
          await first.promise;
          seen.push(["slow", given, context, stand.transport.modelRequests.length]);
          return allow();
        },
      },
      {
        name: "quick",
        check: () => {
          first.resolve(undefined);
          return allow();
        },
      },
    ];
    const run = stand.thread.runAutoStreamed("Work", { guardrails: { input }, context: 7 });
    const events = await collect(run);
    expect(seen).toEqual([["slow", "Work", 7, 0]]);
    const outcomes = events.filter(({ type }) => type === "codexkit.run.guardrail");
    expect(outcomes).toMatchObject([
      { name: "quick", stage: "input", behavior: "allow", message: null },
      { name: "slow", behavior: "allow" },
    ]);
    expect((await run.result()).stopReason).toBe("completed");
  });

  it("[A2.9] resolve the run before anything starts if a blocking one rejects", async () => {
    await using stand = openRunStand([]);
    const guardrails = {
      input: [
        { name: "polite", check: allow },
        { name: "strict", check: reject },
      ],
    };
    const result = await stand.thread.runAutoStreamed("Work", { guardrails }).result();
    expect(result).toMatchObject({
      stopReason: "guardrail",
      guardrail: { name: "strict", message: "Not that." },
      finalResponse: null,
      turns: [],
    });
    expect(stand.transport.modelRequests).toEqual([]);
  });

  it("[A2.9] end the run with a GuardrailError if one returns `throw`, throws an error or returns an invalid verdict", async () => {
    await using stand = openRunStand([]);
    const boom = new Error("boom");
    const checks = [
      [trip, undefined],
      [
        () => {
          throw boom;
        },
        boom,
      ],
      [() => Promise.reject(boom), boom],
      [() => ({ behavior: "maybe" }), undefined],
      [() => undefined, undefined],
    ] as const;
    for (const [check, cause] of checks) {
      // @ts-expect-error -- invalid verdicts are among them
      const error = await errorOf(stand.thread.runAuto("Work", { guardrails: { input: [{ name: "g", check }] } }));
      expect(error).toBeInstanceOf(GuardrailError);
      expect(error).toMatchObject({ code: "GUARDRAIL_TRIPPED", guardrail: "g", stage: "input" });
      expect(error instanceof Error ? error.cause : null).toBe(cause);
      expect(autoRunResultOf(error)).toMatchObject({ stopReason: "failed", turns: [] });
    }
    expect(stand.transport.modelRequests).toEqual([]);
  });

  it.each([
    ["reject", reject],
    ["throw", trip],
  ] as const)(
    "[A2.9] interrupt the running turn and keep its work if a parallel one trips: %s",
    async (behavior, verdict) => {
      const hold = gate();
      await using stand = openRunStand([respond(shell("sleep 9"), hold)]);
      const started = withResolvers();
      const check = async (): Promise<GuardrailVerdict> => {
        await started.promise;
        return verdict();
      };
      const run = stand.thread.runAutoStreamed("Work", {
        guardrails: { input: [{ name: "beside", mode: "parallel", check }] },
        hooks: { onItemStart: ({ item }) => item.type === "commandExecution" && started.resolve(undefined) },
      });
      if (behavior === "reject") {
        const result = await run.result();
        expect(result).toMatchObject({ stopReason: "guardrail", guardrail: { name: "beside" } });
        expect(result.turns).toMatchObject([{ status: "interrupted" }]);
      } else {
        const error = await errorOf(run.result());
        expect(error).toBeInstanceOf(GuardrailError);
        expect(autoRunResultOf(error)?.turns).toMatchObject([{ status: "interrupted" }]);
      }
      hold.open();
    },
  );

  it("[A2.9] wait for a parallel one that is slower than the first turn, and check once for all turns", async () => {
    await using stand = openRunStand([respond(message("one")), respond(message("two"))]);
    let checks = 0;
    const ended = withResolvers();
    const check = async (): Promise<GuardrailVerdict> => {
      checks += 1;
      await ended.promise;
      return allow();
    };
    const order: string[] = [];
    const run = stand.thread.runAutoStreamed("Work", {
      guardrails: { input: [{ name: "beside", mode: "parallel", check }] },
      hooks: {
        onTurnEnd: () => {
          order.push("end");
          setImmediate(() => ended.resolve(undefined));
        },
        onGuardrail: () => order.push("checked"),
      },
      until: (_result, { turns }) => {
        order.push("until");
        return turns === 2;
      },
    });
    await run.result();
    expect(order).toEqual(["end", "checked", "until", "end", "until"]);
    expect(checks).toBe(1);
  });
});

describe("output guardrails", () => {
  it("[A2.9] send a rejection to the model in another turn, which counts", async () => {
    await using stand = openRunStand([respond(message('{"n":1}')), respond(message('{"n":2}'))]);
    const outputSchema = z.object({ n: z.number() });
    const seen: unknown[] = [];
    const check = (call: {
      output: unknown;
      finalResponse: string | null;
      items: readonly unknown[];
    }): GuardrailVerdict => {
      seen.push([call.output, call.finalResponse, call.items.length > 0]);
      return seen.length === 1 ? reject() : allow();
    };
    const result = await stand.thread
      .runAutoStreamed("Work", { outputSchema, guardrails: { output: [{ name: "two", check }] } })
      .result();
    expect(seen).toEqual([
      [{ n: 1 }, '{"n":1}', true],
      [{ n: 2 }, '{"n":2}', true],
    ]);
    expect(result.output.n).toBe(2);
    expect(result.turns.map(({ reason }) => reason)).toEqual(["input", "guardrail"]);
    expect(stand.prompts()[1]).toBe("Your answer was not accepted: Not that.");
    stand.transport.assertDone();
  });

  it("[A2.9] end the run at `maxTurns` if one always rejects", async () => {
    await using stand = openRunStand([respond(message("a")), respond(message("b"))]);
    const run = stand.thread.runAutoStreamed("Work", {
      maxTurns: 2,
      guardrails: { output: [{ name: "no", check: reject }] },
    });
    expect(await errorOf(run.result())).toBeInstanceOf(MaxTurnsError);
  });

  it("[A2.9] end the run with a GuardrailError and the work so far, before `until` is called, if one returns `throw` or fails", async () => {
    for (const check of [trip, () => Promise.reject(new Error("boom"))]) {
      await using stand = openRunStand([respond(message("secret"))]);
      let asked = false;
      const until = (): boolean => (asked = true);
      const error = await errorOf(
        stand.thread.runAutoStreamed("Work", { until, guardrails: { output: [{ name: "dlp", check }] } }).result(),
      );
      expect(error).toMatchObject({ code: "GUARDRAIL_TRIPPED", guardrail: "dlp", stage: "output" });
      expect(autoRunResultOf(error)?.turns).toMatchObject([{ finalResponse: "secret" }]);
      expect(asked).toBe(false);
    }
  });
});

function withResolvers(): { readonly promise: Promise<undefined>; readonly resolve: (value: undefined) => void } {
  let settle: (value: undefined) => void = () => undefined;
  const promise = new Promise<undefined>((resolve) => {
    settle = resolve;
  });
  return { promise, resolve: (value) => settle(value) };
}
