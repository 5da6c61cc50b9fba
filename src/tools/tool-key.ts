import { OptionError } from "../errors/option-error.js";
import { qualifiedNameOf } from "./stored-tools.js";
import type { ToolDefinition } from "./tool-definition.js";

type ToolName = Pick<ToolDefinition, "namespace" | "name">;

/** Returns `name` or `namespace__name`, the tool's name over MCP and in code mode. */
export function flatNameOf({ namespace, name }: ToolName): string {
  return namespace === null ? name : `${namespace}__${name}`;
}

/**
 * Returns the identifier that codex derives from a name in code mode: `-` and a leading digit become `_`. It must be unique
 * in a set, because codex silently drops the second of two tools with the same identifier.
 */
export function toolKey(tool: ToolName): string {
  return flatNameOf(tool)
    .replace(/[^a-zA-Z0-9_]/g, "_")
    .replace(/^[0-9]/, "_");
}

/** Returns the `DUPLICATE_TOOL` error for two tools that cannot be in one set. */
export function duplicateOf(tool: ToolName, taken: ToolName): OptionError {
  const [name, other] = [qualifiedNameOf(tool), qualifiedNameOf(taken)];
  const advice = "Rename one of them, or set its `namespace`.";
  const message =
    name === other
      ? `There are two tools with the name \`${name}\`. ${advice}`
      : `The tools \`${name}\` and \`${other}\` are the same to codex: both have the identifier \`${toolKey(tool)}\`. ${advice}`;
  return new OptionError("DUPLICATE_TOOL", "tools", message);
}
