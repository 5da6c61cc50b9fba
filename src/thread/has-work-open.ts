import type { ThreadItem } from "../protocol/index.js";

/** Whether a command, a tool or another agent is at work: then silence is no sign of a turn that hangs. */
export function hasWorkOpen({ openItems }: { readonly openItems: ReadonlyMap<string, ThreadItem> }): boolean {
  for (const item of openItems.values()) if (isWork(item)) return true;
  return false;
}

/** Whether the item is done by somebody else than the model, so that it outlives a stream that breaks. */
export function isWork({ type }: ThreadItem): boolean {
  return workItems.has(type);
}

/** Waiting for sub-agents is a `collabAgentToolCall` of its own; what they tell in between is not. */
const workItems = new Set(["commandExecution", "mcpToolCall", "dynamicToolCall", "collabAgentToolCall"]);
