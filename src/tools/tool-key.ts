import { OptionError } from "../errors/option-error.js";
import { qualifiedNameOf } from "./stored-tools.js";
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

/** The `DUPLICATE_TOOL` of two tools that one set cannot hold. */
export function duplicateOf(tool: ToolName, taken: ToolName): OptionError {
  const [name, other] = [qualifiedNameOf(tool), qualifiedNameOf(taken)];
  const advice = "Rename one, or give it a namespace.";
  const message =
    name === other
      ? `There are two tools of the name \`${name}\`. ${advice}`
      : `The tools \`${name}\` and \`${other}\` are the same to codex, which calls both \`${toolKey(tool)}\`. ${advice}`;
  return new OptionError("DUPLICATE_TOOL", "tools", message);
}
