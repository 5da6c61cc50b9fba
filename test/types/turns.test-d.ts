import { type } from "arktype";
import { expectTypeOf, test } from "vitest";
import { z } from "zod";
import {
  Codex,
  type OutputOf,
  partialResultOf,
  type PartialTurnResult,
  type SchemaPair,
  type StandardSchema,
  type Thread,
  type ThreadState,
  type Turn,
  TurnFailedError,
  type TurnResult,
} from "../../src/index.js";

const codex = new Codex();
const thread = codex.startThread();
const answer = z.object({ ok: z.boolean(), at: z.string().transform((text) => text.length) });
interface Answer {
  ok: boolean;
  at: number;
}

test("[A1.20] without a schema there is no output", async () => {
  const result = await thread.run("x");
  expectTypeOf(result).toEqualTypeOf<TurnResult<undefined>>();
  expectTypeOf(result.output).toEqualTypeOf<undefined>();
  expectTypeOf(result.finalResponse).toEqualTypeOf<string | null>();
  expectTypeOf(await thread.run("x", { timeoutMs: 1 })).toEqualTypeOf<TurnResult<undefined>>();
});

test("[A1.20] the output has the schema's output type: zod, arktype, a pair, any Standard Schema", async () => {
  expectTypeOf((await thread.run("x", { outputSchema: answer })).output).toEqualTypeOf<Answer>();
  expectTypeOf((await thread.runStreamed("x", { outputSchema: answer }).result()).output).toEqualTypeOf<Answer>();
  const ark = type({ ok: "boolean", "note?": "string" });
  expectTypeOf((await thread.run("x", { outputSchema: ark })).output).toEqualTypeOf<{ ok: boolean; note?: string }>();
  const pair = { schema: answer, jsonSchema: { type: "object" } };
  expectTypeOf(pair).toExtend<SchemaPair>();
  expectTypeOf((await thread.run("x", { outputSchema: pair })).output).toEqualTypeOf<Answer>();
  expectTypeOf<OutputOf<StandardSchema<string, number>>>().toEqualTypeOf<number>();
});

test("[A1.20] a plain JSON Schema yields output of type unknown", async () => {
  const schema = { type: "object", properties: { ok: { type: "boolean" } } } as const;
  expectTypeOf((await thread.run("x", { outputSchema: schema })).output).toEqualTypeOf<unknown>();
  const loose: Record<string, unknown> = {};
  expectTypeOf((await thread.run("x", { outputSchema: loose })).output).toEqualTypeOf<unknown>();
});

test("[A1.20] a turn has the output type of its thread's schema, unless it sets its own", async () => {
  const typed = codex.startThread({ outputSchema: answer });
  expectTypeOf((await typed.run("x")).output).toEqualTypeOf<Answer>();
  expectTypeOf((await typed.run("x", { timeoutMs: 1 })).output).toEqualTypeOf<Answer>();
  expectTypeOf(typed.runStreamed("x")).toEqualTypeOf<Turn<Answer>>();
  expectTypeOf((await typed.run("x", { outputSchema: z.object({ n: z.number() }) })).output).toEqualTypeOf<{
    n: number;
  }>();
  expectTypeOf((await codex.resumeThread("id", { outputSchema: answer }).run("x")).output).toEqualTypeOf<Answer>();
  expectTypeOf(typed).toExtend<Thread>();
  // @ts-expect-error -- a schema of another type contradicts the thread's schema
  void typed.update({ outputSchema: z.object({ n: z.number() }) });
});

test("[A1.20] runStreamed returns a turn, awaited or not", async () => {
  const turn = thread.runStreamed("x");
  expectTypeOf(turn).toEqualTypeOf<Turn>();
  // eslint-disable-next-line @typescript-eslint/await-thenable -- as programs of the official SDK do
  expectTypeOf(await turn).toEqualTypeOf<Turn>();
  expectTypeOf(await turn.start()).toEqualTypeOf<Turn>();
  expectTypeOf(turn).not.toHaveProperty("then");
  // eslint-disable-next-line @typescript-eslint/await-thenable -- as programs of the official SDK do
  const { events } = await thread.runStreamed("x");
  for await (const event of events) expectTypeOf(event).toHaveProperty("type");
  for await (const text of thread.runStreamed("x").textStream) expectTypeOf(text).toEqualTypeOf<string>();
  await using disposed = thread.runStreamed("x");
  expectTypeOf(disposed.id).toEqualTypeOf<string | null>();
  expectTypeOf(turn.status).toEqualTypeOf<"idle" | "queued" | "running" | "completed" | "interrupted" | "failed">();
});

test("[A1.20] a result is no turn", async () => {
  const result = await thread.run("x");
  // @ts-expect-error -- only a turn can be steered
  expectTypeOf(result.steer).toBeFunction();
  // @ts-expect-error -- a result is readonly
  expectTypeOf(result.items.push).toBeFunction();
  // @ts-expect-error -- a thread's id is readonly
  thread.id = "x";
  // @ts-expect-error -- only threads create turns
  void (thread.runStreamed("x") satisfies Promise<unknown>);
  expectTypeOf(result.usage.turn?.inputTokens).toEqualTypeOf<number | undefined>();
  // @ts-expect-error -- values that codex did not report are absent
  expectTypeOf(result.usage.turn.inputTokens).toEqualTypeOf<number>();
});

test("[A1.20] errors of a turn carry the typed partial result", () => {
  const error: unknown = null;
  if (error instanceof TurnFailedError) expectTypeOf(error.result).toEqualTypeOf<PartialTurnResult>();
  expectTypeOf(partialResultOf(error)).toEqualTypeOf<PartialTurnResult | null>();
});

test("[A1.20] a state goes through JSON and back", () => {
  const state = thread.toJSON();
  expectTypeOf(state).toEqualTypeOf<ThreadState>();
  expectTypeOf(codex.resumeThread(state)).toEqualTypeOf<Thread>();
});
