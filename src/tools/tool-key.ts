import type { ToolDefinition } from "./tool-definition.js";

type ToolName = Pick<ToolDefinition, "namespace" | "name">;

/** `name`, or `namespace__name`: how the tool is called over MCP and in code mode. */
export function flatNameOf({ namespace, name }: ToolName): string {
  return namespace === null ? name : `${namespace}__${name}`;
}

/**
 * What two tools of one set must not share: the identifier that codex makes of a name in code mode, where `-` and a digit
 * in front become `_`. Of two tools with one identifier codex silently drops the second.
 */
export function toolKey(tool: ToolName): string {
  return flatNameOf(tool)
    .replace(/[^a-zA-Z0-9_]/g, "_")
    .replace(/^[0-9]/, "_");
}
