import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  type AutoRun,
  type AutoRunCheckpoint,
  type AutoRunOptions,
  type AutoRunResult,
  Codex,
  type CodexError,
  type RunHooks,
  type ThreadItem,
  type TurnResult,
} from "../../src/index.js";
import type { ToolCompletedEvent } from "../../src/protocol/index.js";

const codex = new Codex();
const thread = codex.startThread();
const answer = z.object({ ok: z.boolean(), at: z.string().transform((text) => text.length) });
interface Answer {
  ok: boolean;
  at: number;
}
interface App {
  readonly db: string;
}
const context: App = { db: "x" };

test("[A2.7] without a schema a run has no output", async () => {
  expectTypeOf(await thread.runAuto("x")).toEqualTypeOf<AutoRunResult<undefined>>();
  expectTypeOf(thread.runAutoStreamed("x")).toEqualTypeOf<AutoRun>();
  expectTypeOf(await thread.resumeAuto()).toEqualTypeOf<AutoRunResult<undefined>>();
  await thread.runAuto("x", {
    until: (result) => {
      expectTypeOf(result).toEqualTypeOf<TurnResult<undefined>>();
      return true;
    },
  });
});

test("[A2.7] the output type of the schema is that of the result and of the argument of `until`", async () => {
  const result = await thread.runAuto("x", {
    outputSchema: answer,
    until: ({ output }, { turns, attempt, signal }) => {
      expectTypeOf(output).toEqualTypeOf<Answer>();
      expectTypeOf(turns).toEqualTypeOf<number>();
      expectTypeOf(attempt).toEqualTypeOf<number>();
      expectTypeOf(signal).toEqualTypeOf<AbortSignal>();
      return output.ok || { done: false, input: [{ type: "text", text: "more" }] };
    },
  });
  expectTypeOf(result.output).toEqualTypeOf<Answer>();
  expectTypeOf((await thread.resumeAuto({ outputSchema: answer })).output).toEqualTypeOf<Answer>();
  expectTypeOf(thread.runAutoStreamed("x", { outputSchema: answer })).toEqualTypeOf<AutoRun<Answer>>();
});

test("[A2.7] the schema of a thread is that of its runs, unless they set their own", async () => {
  const typed = codex.startThread({ outputSchema: answer });
  expectTypeOf((await typed.runAuto("x", { maxTurns: 2 })).output).toEqualTypeOf<Answer>();
  expectTypeOf(typed.resumeAutoStreamed()).toEqualTypeOf<AutoRun<Answer>>();
  await typed.runAuto("x", { until: ({ output }) => output.ok });
  const own = await typed.runAuto("x", {
    outputSchema: z.object({ n: z.number() }),
    until: ({ output }) => output.n > 1,
  });
  expectTypeOf(own.output).toEqualTypeOf<{ n: number }>();
});

test("[A2.7] [A2.9] the context has its type in `until`, guardrails and hooks", async () => {
  await thread.runAuto("x", {
    context,
    until: (_result, run) => run.context.db === "x",
    guardrails: {
      input: [
        {
          name: "in",
          check: (call) => {
            expectTypeOf(call.context).toEqualTypeOf<App>();
            return { behavior: "reject", message: "no" };
          },
        },
      ],
      output: [
        {
          name: "out",
          check: (call) => {
            expectTypeOf(call.context).toEqualTypeOf<App>();
            expectTypeOf(call.items).toEqualTypeOf<readonly ThreadItem[]>();
            return { behavior: "allow" };
          },
        },
      ],
    },
    hooks: { onTurnStart: (call) => void expectTypeOf(call.context).toEqualTypeOf<App>() },
  });
});

test("[A2.8] hooks get typed payloads", () => {
  const hooks: RunHooks<App> = {
    onItemEnd: ({ item, abandoned, turn }) => {
      expectTypeOf(item).toEqualTypeOf<ThreadItem>();
      expectTypeOf(abandoned).toEqualTypeOf<boolean>();
      expectTypeOf(turn).toEqualTypeOf<number>();
    },
    onToolEnd: ({ outcome }) => void expectTypeOf(outcome).toEqualTypeOf<ToolCompletedEvent | null>(),
    onError: ({ error }) => void expectTypeOf(error).toEqualTypeOf<CodexError>(),
    onRunEnd: async ({ result }) => void expectTypeOf(result).toEqualTypeOf<AutoRunResult>(),
  };
  expectTypeOf(hooks).toExtend<RunHooks<App>>();
  // @ts-expect-error -- there is no such hook
  const wrong: RunHooks = { onTurnBegin: () => undefined };
  // @ts-expect-error -- a hook is a function
  const none: RunHooks = { onRunStart: true };
  expectTypeOf([wrong, none]).toExtend<readonly RunHooks[]>();
});

test("[A2.7] invalid options do not compile", () => {
  // @ts-expect-error -- a run has turns of its own
  const steered: AutoRunOptions = { whenBusy: "steer" };
  // @ts-expect-error -- `attempts`
  void thread.runAuto("x", { retry: { attempt: 3 } });
  // @ts-expect-error -- a verdict is an object
  void thread.runAuto("x", { guardrails: { input: [{ name: "x", check: () => true }] } });
  // @ts-expect-error -- a rejection has a message for the model
  void thread.runAuto("x", { guardrails: { output: [{ name: "x", check: () => ({ behavior: "reject" }) }] } });
  // @ts-expect-error -- no error code
  void thread.runAuto("x", { retry: { retryable: ["NO_SUCH_CODE"] } });
  void thread.runAuto("x", { retry: { retryable: ["TURN_FAILED"] } });
  // @ts-expect-error -- `done` is missing
  void thread.runAuto("x", { until: () => ({ input: "more" }) });
  expectTypeOf(steered).toExtend<AutoRunOptions>();
});

test("[A2.7] a thread can be resumed from the argument of a checkpoint", () => {
  expectTypeOf<AutoRunCheckpoint>().toExtend<Parameters<typeof codex.resumeThread>[0]>();
  expectTypeOf<AutoRunCheckpoint["run"]["phase"]>().toEqualTypeOf<"beforeTurn" | "inTurn" | "afterTurn">();
});
