import { describe, expectTypeOf, test } from "vitest";
import type { ServerEvent, ThreadEvent, ThreadItem, TokenUsage } from "../../../src/protocol/index.js";
import type { Thread } from "../../../src/protocol/generated/types.js";

type Event<Type extends ThreadEvent["type"]> = Extract<ThreadEvent, { type: Type }>;

describe("the event union", () => {
  test("narrows by type, on the fields of both transports", () => {
    expectTypeOf<Event<"item.completed">["item"]>().toEqualTypeOf<ThreadItem>();
    expectTypeOf<Event<"item.agentMessage.delta">["delta"]>().toEqualTypeOf<string>();
    expectTypeOf<Event<"thread.started">["thread"]>().toEqualTypeOf<Thread | undefined>();
    expectTypeOf<Event<"turn.completed">["turn"]["status"]>().toEqualTypeOf<
      "completed" | "interrupted" | "failed" | "inProgress"
    >();
    expectTypeOf<Event<"turn.completed">["usage"]>().toEqualTypeOf<TokenUsage | undefined>();
    expectTypeOf<Event<"thread.tokenUsage.updated">["tokenUsage"]["total"]>().toExtend<TokenUsage>();
    expectTypeOf<Event<"codexkit.unknown">["method"]>().toEqualTypeOf<string>();
  });

  test("always has a thread id and a turn id", () => {
    expectTypeOf<Event<"item.completed">["threadId"]>().toEqualTypeOf<string>();
    expectTypeOf<Event<"item.completed">["turnId"]>().toEqualTypeOf<string | null>();
    expectTypeOf<ServerEvent["threadId"]>().toEqualTypeOf<string | null>();
    expectTypeOf<Event<"warning">["threadId"]>().toEqualTypeOf<string | null>();
  });

  test("leaves to ServerEvent what belongs to no thread", () => {
    expectTypeOf<Extract<ThreadEvent, { type: "account.updated" }>>().toBeNever();
    expectTypeOf<Extract<ServerEvent, { type: "account.updated" }>>().not.toBeNever();
    expectTypeOf<Event<"item.autoApprovalReview.started">>().not.toBeNever();
    expectTypeOf<ThreadEvent>().toExtend<ServerEvent>();
  });
});

describe("the item union", () => {
  type Item<Type extends ThreadItem["type"]> = Extract<ThreadItem, { type: Type }>;

  test("requires what both transports carry, and no more", () => {
    expectTypeOf<Item<"commandExecution">["command"]>().toEqualTypeOf<string>();
    expectTypeOf<Item<"commandExecution">["exitCode"]>().toEqualTypeOf<number | null | undefined>();
    expectTypeOf<Item<"commandExecution">["cwd"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Item<"agentMessage">["text"]>().toEqualTypeOf<string>();
    expectTypeOf<Item<"fileChange">["changes"][number]["diff"]>().toEqualTypeOf<string | undefined>();
    expectTypeOf<Item<"todoList">["items"][number]["completed"]>().toEqualTypeOf<boolean>();
    expectTypeOf<Item<"error">["message"]>().toEqualTypeOf<string>();
  });
});
