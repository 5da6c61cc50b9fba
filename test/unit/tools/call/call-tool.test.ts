import { describe, expect, test } from "vitest";
import { z } from "zod";
import { createDeferred } from "../../../../src/internal/deferred.js";
import { tool } from "../../../../src/tools/tool.js";
import type { ToolCallContext } from "../../../../src/tools/call/tool-call.js";
import { toolOutput } from "../../../../src/tools/call/tool-output.js";
import { ToolRegistry } from "../../../../src/tools/tool-registry.js";
import { lastOf, openTurn, textOf } from "../call.js";

const numbers = z.object({ x: z.number(), y: z.number() });
const add = tool({ name: "add", description: "Adds.", parameters: numbers, execute: ({ x, y }) => x + y });
const make = (execute: (args: unknown, call: ToolCallContext) => unknown, more: object = {}) =>
  tool({ name: "it", description: "Does it.", execute: execute as () => string, ...more });

describe("a call of a tool", () => {
  test("[A2.2] runs the tool once with its arguments and the caller's context, and returns the result to the model", async () => {
    const seen: unknown[] = [];
    const math = tool({
      name: "math",
      description: "Adds.",
      parameters: numbers,
      execute: ({ x, y }, call: ToolCallContext<{ user: string }>) => {
        seen.push({
          x,
          y,
          user: call.context.user,
          ids: [call.threadId, call.turnId, call.callId],
          attempt: call.attempt,
        });
        return String(x + y);
      },
    });
    const open = openTurn([math]);
    const result = await open.call("math", { x: 4, y: 5 });
    expect(result).toEqual({ success: true, contentItems: [{ type: "inputText", text: "9" }] });
    expect(seen).toEqual([{ x: 4, y: 5, user: "ada", ids: ["t", "u", "c-math"], attempt: 1 }]);
    expect(open.events).toEqual([
      { type: "codexkit.tool.started", threadId: "t", turnId: "u", callId: "c-math", tool: "math", namespace: null },
      expect.objectContaining({ type: "codexkit.tool.completed", outcome: "success", message: null, callId: "c-math" }),
    ]);
    expect(lastOf(open)?.ms).toBeGreaterThanOrEqual(0);
  });

  test("[A2.3] of an unknown tool is answered with the names of the known tools", async () => {
    const open = openTurn([add]);
    expect(textOf(await open.call("nope"))).toBe("There is no tool `nope`. There are `add`.");
    expect(lastOf(open)).toMatchObject({ outcome: "unknownTool", message: expect.stringContaining("nope") as string });
  });

  test("[A2.3] of a tool is refused if `isEnabled` is false, returns anything but true, or throws", async () => {
    for (const isEnabled of [false, () => false, () => Promise.reject(new Error("x")), () => "yes"]) {
      const open = openTurn([make(() => expect.fail("it ran"), { isEnabled })]);
      expect((await open.call("it")).success).toBe(false);
      expect(lastOf(open)?.outcome).toBe("disabled");
    }
    const open = openTurn([make(() => "ran", { isEnabled: () => Promise.resolve(true) })]);
    expect((await open.call("it")).success).toBe(true);
  });

  test("[A2.3] with invalid arguments is answered with the problems, and `execute` is not called", async () => {
    const open = openTurn([add]);
    const result = await open.call("add", { x: "4" });
    expect(result.success).toBe(false);
    expect(textOf(result)).toMatch(
      /^The arguments of `add` do not fit its schema:\n- x: .*number.*\n- y: .*\nCall it again/s,
    );
    expect(lastOf(open)?.outcome).toBe("invalidArguments");
  });

  test("[A2.3] with a thousand problems is answered with a text of limited length", async () => {
    const list = tool({
      name: "list",
      description: "L.",
      parameters: z.object({ n: z.array(z.number()) }),
      execute: () => "x",
    });
    const text = textOf(await openTurn([list]).call("list", { n: Array.from({ length: 1000 }, () => "x") }));
    expect(text.length).toBeLessThan(5000);
    expect(text).toContain("- and 990 more");
  });

  test("[A2.3] that throws is answered with the error's message, without its stack", async () => {
    const open = openTurn([
      make(() => {
        throw new Error("no such file");
      }),
    ]);
    const result = await open.call("it");
    expect(result).toEqual({
      success: false,
      contentItems: [{ type: "inputText", text: "The tool `it` failed: no such file" }],
    });
    expect(lastOf(open)).toMatchObject({ outcome: "threw", message: "The tool `it` failed: no such file" });
    expect(textOf(await openTurn([make(() => Promise.reject(new TypeError("")))]).call("it"))).toContain("TypeError");
    expect(
      textOf(
        await openTurn([
          // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as a careless tool does
          make(() => Promise.reject(null)),
        ]).call("it"),
      ),
    ).toContain("not an error");
  });

  test("[A2.3] that throws is answered with the result of `onError`, if it returns one", async () => {
    const answers = [
      [() => "try later", "try later"],
      [() => toolOutput(["a", "b"]), "a\nb"],
      [() => undefined, "The tool `it` failed: x"],
      [
        () => {
          throw new Error("y");
        },
        "The tool `it` failed: x",
      ],
      [() => 5, "The tool `it` failed: x"],
    ] as const;
    for (const [onError, text] of answers) {
      const result = await openTurn([
        make(
          () => {
            throw new Error("x");
          },
          { onError },
        ),
      ]).call("it");
      expect([result.success, textOf(result)]).toEqual([false, text]);
    }
  });

  test("[A2.3] that hangs is answered at the time limit, and its signal aborts", async () => {
    const aborted = createDeferred<unknown>();
    const hang = make(
      (_, { signal }) => new Promise(() => signal.addEventListener("abort", () => aborted.resolve(signal.reason))),
      { timeoutMs: 20 },
    );
    const open = openTurn([hang]);
    const result = await open.call("it");
    expect([result.success, textOf(result)]).toEqual([false, "The tool `it` did not finish within 20 ms."]);
    expect(lastOf(open)?.outcome).toBe("timedOut");
    expect(await aborted.promise).toMatchObject({ name: "TimeoutError" });
  });

  test("[A2.3] whose checks hang is answered at the same time limit", async () => {
    const never = () => new Promise<never>(() => undefined);
    for (const more of [
      { isEnabled: never },
      { inputGuardrails: [never] },
      { outputGuardrails: [never] },
      { needsApproval: never },
    ]) {
      const open = openTurn([make(() => "x", { timeoutMs: 20, ...more })]);
      expect((await open.call("it")).success).toBe(false);
      expect(lastOf(open)?.outcome).toBe("timedOut");
    }
  });

  test("[A2.3] ends at once when its turn ends, and ignores a result that arrives later", async () => {
    const late = createDeferred<string>();
    const started = createDeferred<AbortSignal>();
    const registry = new ToolRegistry([
      make((_, { signal }) => {
        started.resolve(signal);
        return late.promise;
      }),
    ]);
    const open = openTurn(registry);
    const result = open.call("it");
    const signal = await started.promise;
    open.ending.abort(new Error("turn over"));
    expect(lastOf(open)?.outcome).toBe("aborted");
    expect(signal.reason).toMatchObject({ message: "turn over" });
    expect((await result).success).toBe(false);
    late.resolve("too late");
    await late.promise;
    expect(open.events).toHaveLength(2);
    expect(registry.metrics("it")).toMatchObject({ calls: 1, failures: 1, byOutcome: { aborted: 1 } });
  });

  test("[A2.3] does not run in a turn that has ended", async () => {
    const open = openTurn([make(() => expect.fail("it ran"))]);
    open.ending.abort();
    expect((await open.call("it")).success).toBe(false);
    expect(open.events.map(({ type }) => type)).toEqual(["codexkit.tool.started", "codexkit.tool.completed"]);
  });

  test("[A2.4] runs in parallel with nineteen others, each with its own answer", async () => {
    const all = createDeferred<undefined>();
    let running = 0;
    const echo = tool({
      name: "echo",
      description: "E.",
      parameters: z.object({ n: z.number() }),
      execute: async ({ n }) => {
        if (++running === 20) all.resolve(undefined);
        await all.promise;
        return String(n);
      },
    });
    const { call } = openTurn([echo]);
    const results = await Promise.all(Array.from({ length: 20 }, (_, n) => call("echo", { n })));
    expect(results.map(textOf)).toEqual(Array.from({ length: 20 }, (_, n) => String(n)));
  });

  test("[A2.3] finds its tool by namespace and name, or by the MCP name", async () => {
    const lookup = tool({ name: "lookup", namespace: "crm", description: "L.", execute: () => "found" });
    const crm = openTurn([lookup]);
    expect(textOf(await crm.call("lookup", {}, "crm"))).toBe("found");
    expect(textOf(await crm.call("crm__lookup"))).toBe("found");
    expect(lastOf(crm)).toMatchObject({ tool: "lookup", namespace: "crm" });
    expect((await crm.call("lookup")).success).toBe(false);
  });
});

describe("a call that needs an approval", () => {
  const asking = (execute: () => string, needsApproval: unknown = true) => [make(execute, { needsApproval })];

  test("[A2.5] runs once it is accepted, with the arguments that the approval showed", async () => {
    const shown: unknown[] = [];
    const tools = [
      tool({
        name: "pay",
        description: "P.",
        parameters: numbers,
        needsApproval: ({ x }) => x > 3,
        execute: () => "paid",
      }),
    ];
    const open = openTurn(tools, {
      approve: async ({ arguments: args, callId }) => {
        shown.push(args, callId);
        return { kind: "accepted" };
      },
    });
    expect(textOf(await open.call("pay", { x: 4, y: 1 }))).toBe("paid");
    expect(textOf(await open.call("pay", { x: 1, y: 1 }))).toBe("paid");
    expect(shown).toEqual([{ x: 4, y: 1 }, "c-pay"]);
  });

  test("[A2.5] shows the model's own arguments if JSON cannot represent the validated ones", async () => {
    const made: readonly ((names: string[]) => unknown)[] = [
      (names) => new Set(names),
      (names) => new Map(names.map((name) => [name, 1])),
      (names) =>
        new (class Names {
          readonly #all = names;
          get all() {
            return this.#all;
          }
        })(),
      (names) => names.map(() => Number.NaN),
    ];
    for (const transform of made) {
      const shown: unknown[] = [];
      const parameters = z.object({ names: z.array(z.string()).transform(transform) });
      const remove = tool({
        name: "remove",
        description: "R.",
        parameters,
        needsApproval: true,
        execute: () => "gone",
      });
      const open = openTurn([remove], {
        approve: async ({ arguments: args }) => {
          shown.push(args);
          return { kind: "accepted" };
        },
      });
      expect(textOf(await open.call("remove", { names: ["a", "b"] }))).toBe("gone");
      expect(shown).toEqual([{ names: ["a", "b"] }]);
    }
  });

  test("[A2.5] is declined without an approval handler, by a no, and if the handler throws or returns an invalid answer", async () => {
    const answers = [
      undefined,
      async () => ({ kind: "declined", reason: "not today" }) as const,
      () => Promise.reject(new Error("secret")),
      (() => {
        throw new Error("secret");
      }) as never,
      (async () => "accepted") as never,
      (async () => null) as never,
      (async () => ({ kind: "Accepted" })) as never,
    ];
    for (const approve of answers) {
      const open = openTurn(
        asking(() => expect.fail("it ran")),
        { approve },
      );
      const result = await open.call("it");
      expect(result.success).toBe(false);
      expect(textOf(result)).toMatch(/^The call of `it` was declined/);
      expect(textOf(result)).not.toContain("secret");
      expect(lastOf(open)?.outcome).toBe("declined");
    }
  });

  test("[A2.5] needs the approval if `needsApproval` throws or returns an invalid value", async () => {
    for (const rule of [
      () => {
        throw new Error("x");
      },
      () => "no",
      () => Promise.reject(new Error("x")),
    ]) {
      const open = openTurn(asking(() => expect.fail("it ran"), rule));
      await open.call("it");
      expect(lastOf(open)?.outcome).toBe("declined");
    }
  });

  test("[A2.5] does not count the wait for the approval towards its time limit", async () => {
    const answer = createDeferred<{ kind: "accepted" }>();
    const open = openTurn([make(() => "ran", { needsApproval: true, timeoutMs: 30 })], {
      approve: () => answer.promise,
    });
    const result = open.call("it");
    await new Promise((resolve) => setTimeout(resolve, 60));
    answer.resolve({ kind: "accepted" });
    expect(textOf(await result)).toBe("ran");
  });

  test("[A2.5] does not run if it is withdrawn while it waits, even if it is accepted later", async () => {
    const answer = createDeferred<{ kind: "accepted" }>();
    const open = openTurn(
      asking(() => expect.fail("it ran")),
      { approve: () => answer.promise },
    );
    const result = open.call("it");
    open.ending.abort();
    answer.resolve({ kind: "accepted" });
    expect((await result).success).toBe(false);
    expect(open.events).toHaveLength(2);
  });
});
