import type { ThreadItem } from "../protocol/index.js";

/** What of a turn's events tells who is at work. */
export interface OpenWork {
  readonly openItems: ReadonlyMap<string, ThreadItem>;
  /** The threads of the sub-agents that were started and have not ended. */
  readonly workingAgents: ReadonlySet<string>;
}

/** Whether a command, a tool or another agent is at work: then silence is no sign of a turn that hangs. */
export function hasWorkOpen({ openItems, workingAgents }: OpenWork): boolean {
  if (workingAgents.size > 0) return true;
  for (const item of openItems.values()) if (isWork(item)) return true;
  return false;
}

/** Whether the item is done by somebody else than the model, so that it outlives a stream that breaks. */
export function isWork({ type }: ThreadItem): boolean {
  return workItems.has(type);
}

const workItems = new Set(["commandExecution", "mcpToolCall", "dynamicToolCall", "collabAgentToolCall"]);
