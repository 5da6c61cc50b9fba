import type { ThreadEvent } from "../protocol/index.js";

/** What deltas must share to be merged, or null for an event that is none: its type, its item and its part of it. */
export function mergeKeyOf(event: ThreadEvent): string | null {
  switch (event.type) {
    case "item.agentMessage.delta":
    case "item.plan.delta":
    case "item.commandExecution.outputDelta":
      return `${event.type}\n${event.itemId}`;
    case "item.reasoning.summaryTextDelta":
      return `${event.type}\n${event.itemId}\n${event.summaryIndex}`;
    case "item.reasoning.textDelta":
      return `${event.type}\n${event.itemId}\n${event.contentIndex}`;
    default:
      return null;
  }
}

/** Whether a merge key is of a delta of this item. */
export function isKeyOfItem(key: string, itemId: string): boolean {
  const rest = key.slice(key.indexOf("\n") + 1);
  return rest === itemId || rest.startsWith(`${itemId}\n`);
}

/** One delta with the text of both, or null where the two are not of one kind. The merged event has no source line. */
export function mergeDelta(first: ThreadEvent, second: ThreadEvent): ThreadEvent | null {
  if (!("delta" in first && "delta" in second)) return null;
  if (first.type !== second.type || typeof first.delta !== "string" || typeof second.delta !== "string") return null;
  return { ...first, delta: joinText(first.delta, second.delta) };
}

/**
 * A text made of many small additions is kept by the engine as a tree of them, ten times its size. Now and then, each
 * time it has grown by a sixteenth, it is copied into one piece.
 */
function joinText(head: string, tail: string): string {
  const length = head.length + tail.length;
  const step = Math.max(1024, 2 ** (31 - Math.clz32(length)) / 16);
  return Math.floor(head.length / step) === Math.floor(length / step) ? head + tail : [head, tail].join("");
}
