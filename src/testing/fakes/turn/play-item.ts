import { pause } from "../../script/hold.js";
import type { Deltas, MessageItem, ReasoningItem, WebSearchItem } from "../../script/model-items.js";
import type { FakeItem, TurnWriter } from "./turn-writer.js";

export interface ItemPace {
  /** Fires when the response is cut. */
  readonly signal: AbortSignal;
  /** The delay before each delta, in milliseconds. */
  readonly delayMs: number;
}

/** Streams a message. Resolves with its item, or with undefined if it was not finished. */
export async function playMessage(
  item: MessageItem,
  writer: TurnWriter,
  pace: ItemPace,
): Promise<FakeItem | undefined> {
  const id = item.id ?? writer.port.nextId("msg");
  writer.start(toAgentMessage(id, "", item.phase));
  await playDeltas(item.deltas, pace, (delta) => {
    writer.port.notify("item/agentMessage/delta", { ...writer.ids, itemId: id, delta });
  });
  if (item.unfinished || pace.signal.aborted) return undefined;
  const message = toAgentMessage(id, item.text, item.phase);
  writer.complete(message);
  writer.rememberMessage(item.text);
  return message;
}

/** Streams a reasoning item. */
export async function playReasoning(item: ReasoningItem, writer: TurnWriter, pace: ItemPace): Promise<void> {
  const id = item.id ?? writer.port.nextId("rs");
  writer.start({ type: "reasoning", id, summary: [], content: [] });
  for (const [summaryIndex, text] of item.summary.entries()) {
    if (pace.signal.aborted) return;
    writer.port.notify("item/reasoning/summaryPartAdded", { ...writer.ids, itemId: id, summaryIndex });
    await playDeltas(summaryIndex === 0 ? item.deltas : [text], pace, (delta) => {
      writer.port.notify("item/reasoning/summaryTextDelta", { ...writer.ids, itemId: id, delta, summaryIndex });
    });
  }
  if (!pace.signal.aborted) writer.complete({ type: "reasoning", id, summary: item.summary, content: [] });
}

export function playWebSearch(item: WebSearchItem, writer: TurnWriter): void {
  const { id = writer.port.nextId("ws"), query } = item;
  writer.start({ type: "webSearch", id, query: "", action: { type: "other" }, results: null });
  const action = { type: "search", query, queries: [query] } as const;
  writer.complete({ type: "webSearch", id, query, action, results: null });
}

async function playDeltas(deltas: Deltas, pace: ItemPace, send: (delta: string) => void): Promise<void> {
  for (const delta of deltas) {
    if (typeof delta !== "string") await delta.wait(pace.signal);
    else if (pace.delayMs > 0) await pause(pace.delayMs, pace.signal);
    if (pace.signal.aborted) return;
    if (typeof delta === "string") send(delta);
  }
}

function toAgentMessage(id: string, text: string, phase: MessageItem["phase"]): FakeItem {
  return {
    type: "agentMessage",
    moderation: null,
    id,
    text,
    phase: phase ?? null,
    memoryCitation: null,
    delivery: null,
    questions: null,
  };
}
