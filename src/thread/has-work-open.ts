import type { TurnSummary } from "./reduce-turn.js";

/** Whether a command, a tool or another agent is at work: then silence is no sign of a turn that hangs. */
export function hasWorkOpen({ openItems }: TurnSummary): boolean {
  for (const { type } of openItems.values()) if (workItems.has(type)) return true;
  return false;
}

const workItems = new Set(["commandExecution", "mcpToolCall", "dynamicToolCall", "collabAgentToolCall"]);
