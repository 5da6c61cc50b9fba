import { Codex, type AutoRun, type Turn } from "codexkit";
import { expectTypeOf, test } from "vitest";

type AsyncKeys = typeof Symbol.asyncIterator | typeof Symbol.asyncDispose;
type StreamKeys = "events" | "interrupt" | "result" | "textStream" | AsyncKeys;

test("[A1.17] the published turn has its public members only", () => {
  expectTypeOf<keyof Turn>().toEqualTypeOf<"id" | "start" | "status" | "steer" | StreamKeys>();
  const turn = new Codex().startThread().runStreamed("x");
  expectTypeOf(turn).not.toHaveProperty("withoutReader");
  expectTypeOf(turn).not.toHaveProperty("closeWith");
  expectTypeOf(turn).not.toHaveProperty("ended");
});

test("[A1.17] the published run has its public members only", () => {
  expectTypeOf<keyof AutoRun>().toEqualTypeOf<"state" | StreamKeys>();
});
