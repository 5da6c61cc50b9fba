import type { ThreadItem } from "../../protocol/index.js";

/**
 * Whether a turn has done anything beyond thinking and talking: it began a command, a patch, a tool call, or the work of
 * another agent, whatever came of it. An item of a kind that is not known may be one.
 */
export function hasSideEffect(items: readonly ThreadItem[]): boolean {
  return items.some(({ type }) => effects.has(type));
}

const effects = new Set<ThreadItem["type"]>([
  "commandExecution",
  "fileChange",
  "mcpToolCall",
  "dynamicToolCall",
  "collabAgentToolCall",
  "subAgentActivity",
  "codexkit.unknown",
]);
