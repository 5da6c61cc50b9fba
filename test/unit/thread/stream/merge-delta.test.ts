import { describe, expect, test } from "vitest";
import type { ThreadEvent } from "../../../../src/protocol/index.js";
import { mergeDelta } from "../../../../src/thread/stream/event-buffer.js";

describe("mergeDelta", () => {
  test("keeps every character of 20,000 merged deltas", () => {
    const pieces = Array.from({ length: 20_000 }, (_, index) => `word ${index} ü😀`);
    const [head, ...rest] = pieces.map(toDelta);
    const merged = rest.reduce<ThreadEvent | undefined>(
      (first, second) => (first === undefined ? first : (mergeDelta(first, second) ?? first)),
      head,
    );
    expect(merged).toEqual(toDelta(pieces.join("")));
  });

  test("keeps a character whose two UTF-16 units came in two deltas", () => {
    const head = `${"x".repeat(1023)}\ud83d`;
    expect(mergeDelta(toDelta(head), toDelta("\ude00"))).toEqual(toDelta(`${"x".repeat(1023)}😀`));
  });

  test("merges only deltas of one kind", () => {
    const other: ThreadEvent = { ...toDelta("a"), type: "item.plan.delta" };
    expect(mergeDelta(toDelta("a"), other)).toBeNull();
  });
});

function toDelta(delta: string): Extract<ThreadEvent, { type: "item.agentMessage.delta" }> {
  return { type: "item.agentMessage.delta", threadId: "t", turnId: "u", itemId: "i", delta };
}
