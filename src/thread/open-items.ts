import type { ErrorEvent, ThreadEvent, ThreadItem } from "../protocol/index.js";

type OpenItems = ReadonlyMap<string, ThreadItem>;

/** Returns the items that have started and not completed, after one more event. */
export function openItemsAfter(open: OpenItems, event: ThreadEvent): OpenItems {
  switch (event.type) {
    case "item.started":
    case "item.updated":
      return new Map(open).set(event.item.id, event.item);
    case "item.completed":
      return without(open, event.item.id);
    case "error":
      return afterError(open, event);
    default:
      return open;
  }
}

/** Removes the open messages if codex retries: it drops them and asks the model again. Commands and tools continue. */
function afterError(open: ReadonlyMap<string, ThreadItem>, { willRetry }: ErrorEvent): ReadonlyMap<string, ThreadItem> {
  return willRetry === true ? new Map([...open].filter(([, item]) => isWork(item))) : open;
}

function without(open: ReadonlyMap<string, ThreadItem>, id: string): ReadonlyMap<string, ThreadItem> {
  if (!open.has(id)) return open;
  const rest = new Map(open);
  rest.delete(id);
  return rest;
}

/** Whether the item is work outside the model, which continues if the model's stream breaks. */
export function isWork({ type }: ThreadItem): boolean {
  return workItems.has(type);
}

/** `subAgentActivity` is not in the list: waiting for sub-agents is a `collabAgentToolCall` of its own. */
const workItems = new Set(["commandExecution", "mcpToolCall", "dynamicToolCall", "collabAgentToolCall"]);
