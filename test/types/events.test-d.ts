import { expectTypeOf, test } from "vitest";
import type { ApprovalKind, ApprovalRequest, ThreadEvent, ThreadItem, TokenUsage } from "../../src/index.js";

// `type` alone determines the fields of an event; nothing needs a cast.

test("[A1.20] an event is narrowed by its type", () => {
  const event = {} as ThreadEvent;
  switch (event.type) {
    case "thread.started":
    case "turn.started":
      return expectTypeOf(event.threadId).toEqualTypeOf<string>();
    case "item.started":
    case "item.updated":
    case "item.completed":
      expectTypeOf(event.item).toEqualTypeOf<ThreadItem>();
      return expectTypeOf(event.turnId).toEqualTypeOf<string | null>();
    case "item.agentMessage.delta":
    case "item.plan.delta":
    case "item.commandExecution.outputDelta":
      expectTypeOf(event.itemId).toEqualTypeOf<string>();
      return expectTypeOf(event.delta).toEqualTypeOf<string>();
    case "item.reasoning.summaryTextDelta":
      expectTypeOf(event.summaryIndex).toEqualTypeOf<number>();
      return expectTypeOf(event.delta).toEqualTypeOf<string>();
    case "item.reasoning.textDelta":
      return expectTypeOf(event.contentIndex).toEqualTypeOf<number>();
    case "thread.tokenUsage.updated":
      expectTypeOf(event.tokenUsage.total).toExtend<TokenUsage>();
      return expectTypeOf(event.tokenUsage.last).toExtend<TokenUsage>();
    case "turn.diff.updated":
      return expectTypeOf(event.diff).toEqualTypeOf<string>();
    case "turn.plan.updated":
      return expectTypeOf(event.plan[0]?.step).toEqualTypeOf<string | undefined>();
    case "error":
      expectTypeOf(event.error.message).toEqualTypeOf<string>();
      return expectTypeOf(event.willRetry).toEqualTypeOf<boolean | undefined>();
    case "turn.completed":
      expectTypeOf(event.turn.status).toEqualTypeOf<"completed" | "interrupted" | "failed" | "inProgress">();
      expectTypeOf(event.turn.error?.message).toEqualTypeOf<string | undefined>();
      return expectTypeOf(event.usage).toEqualTypeOf<TokenUsage | undefined>();
    case "codexkit.approval.requested":
      expectTypeOf(event.kind).toEqualTypeOf<ApprovalKind>();
      expectTypeOf(event.request).toEqualTypeOf<ApprovalRequest>();
      return event.request.kind === "command" && expectTypeOf(event.request.command).toEqualTypeOf<string>();
    case "codexkit.request.refused":
      expectTypeOf(event.method).toEqualTypeOf<string>();
      return expectTypeOf(event.reason).toEqualTypeOf<string>();
    case "codexkit.stream.lagging":
      return expectTypeOf(event.coalesced).toEqualTypeOf<number>();
    case "codexkit.unknown":
      return expectTypeOf(event.method).toEqualTypeOf<string>();
    default:
      return expectTypeOf(event.type).not.toEqualTypeOf<string>();
  }
});

test("[A1.20] an event has only its own fields", () => {
  const event = {} as ThreadEvent;
  // @ts-expect-error -- not every event has an item
  expectTypeOf(event.item).toBeAny();
  // @ts-expect-error -- no event has this type
  if (event.type === "turn.failed") return;
  // @ts-expect-error -- events are readonly
  if (event.type === "turn.completed") event.turn.status = "failed";
});

test("[A1.20] an item is narrowed by its type", () => {
  const item = {} as ThreadItem;
  expectTypeOf(item.id).toEqualTypeOf<string>();
  switch (item.type) {
    case "agentMessage":
      expectTypeOf(item.text).toEqualTypeOf<string>();
      return expectTypeOf<"final_answer">().toExtend<NonNullable<typeof item.phase>>();
    case "commandExecution":
      expectTypeOf(item.command).toEqualTypeOf<string>();
      return expectTypeOf(item.exitCode).toEqualTypeOf<number | null | undefined>();
    case "fileChange":
      return expectTypeOf(item.changes[0]?.path).toEqualTypeOf<string | undefined>();
    case "mcpToolCall":
      expectTypeOf(item.server).toEqualTypeOf<string>();
      return expectTypeOf(item.tool).toEqualTypeOf<string>();
    case "reasoning":
      return expectTypeOf(item.summary[0]).toEqualTypeOf<string | undefined>();
    case "webSearch":
      return expectTypeOf(item.query).toEqualTypeOf<string>();
    case "todoList":
      return expectTypeOf(item.items[0]?.completed).toEqualTypeOf<boolean | undefined>();
    case "codexkit.unknown":
      return expectTypeOf(item.itemType).toEqualTypeOf<string>();
    default:
      // @ts-expect-error -- the others have no text
      return expectTypeOf(item.text).toBeAny();
  }
});
