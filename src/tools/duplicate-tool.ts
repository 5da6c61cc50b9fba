import { OptionError } from "../errors/option-error.js";
import { qualifiedNameOf } from "./stored-tools.js";
import type { ToolDefinition } from "./tool-definition.js";
import { toolKey } from "./tool-key.js";

type ToolName = Pick<ToolDefinition, "namespace" | "name">;

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
