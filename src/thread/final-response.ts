import type { ThreadItem } from "../protocol/index.js";

/** The text of the last `final_answer` message, else of the last message without a phase; commentary never counts. */
export function finalResponseOf(items: readonly ThreadItem[]): string | null {
  let withoutPhase: string | null = null;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.type !== "agentMessage") continue;
    if (item.phase === "final_answer") return item.text;
    if (item.phase === undefined || item.phase === null) withoutPhase ??= item.text;
  }
  return withoutPhase;
}
