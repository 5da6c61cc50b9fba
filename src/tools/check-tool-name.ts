import { OptionError } from "../errors/option-error.js";
import { flatNameOf, toolKey } from "./tool-key.js";

/** codex's limits for a name and a namespace. `namespace__name` must be within the limit for a name. */
const maxNameLength = 128;
const maxNamespaceLength = 64;

/** Throws an `OptionError` (`INVALID_TOOL`) for a name that codex would refuse, or that is one of its own tools. */
export function checkToolName(name: unknown, namespace: unknown): asserts name is string {
  checkWord(name, "name", maxNameLength);
  if (namespace !== null) checkNamespace(namespace);
  if (namespace === null && name === "mcp") throw reserved("name", name, "codex keeps it for MCP servers");
  const tool = { name, namespace: typeof namespace === "string" ? namespace : null };
  const flat = flatNameOf(tool);
  if (flat.length > maxNameLength) {
    throw invalid(
      "name",
      `\`${flat}\` has ${flat.length} characters; namespace and name together may have at most ${maxNameLength}.`,
    );
  }
  const key = toolKey(tool);
  if (key.startsWith("mcp__")) throw reserved("name", flat, "codex keeps `mcp__` for MCP servers");
  if (builtinTools.has(key)) throw reserved("name", flat, "codex has its own tool of this name and would call that");
  const owner = [...builtinNamespaces].find((taken) => key.startsWith(`${taken}__`));
  if (owner !== undefined) throw reserved("name", flat, `codex has tools of its own in \`${owner}\``);
}

function checkNamespace(namespace: unknown): void {
  checkWord(namespace, "namespace", maxNamespaceLength);
  if (refusedNamespaces.has(namespace)) throw reserved("namespace", namespace, "codex refuses it");
  if (builtinNamespaces.has(namespace)) throw reserved("namespace", namespace, "codex has tools of its own in it");
}

function checkWord(value: unknown, option: "name" | "namespace", limit: number): asserts value is string {
  if (typeof value !== "string") throw invalid(option, `The \`${option}\` of a tool must be a string.`);
  if (/^[a-zA-Z0-9_-]+$/.test(value) && value.length <= limit) return;
  const shown = JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}...` : value);
  const rule = `1 to ${limit} letters of a-z, A-Z, 0-9, _ and -`;
  throw invalid(option, `The tool's \`${option}\` ${shown} is invalid for codex: use ${rule}.`);
}

function reserved(option: string, name: string, reason: string): OptionError {
  return invalid(
    option,
    `The tool's \`${option}\` "${name}" is reserved: ${reason}. Rename it, or use another namespace.`,
  );
}

function invalid(option: string, message: string): OptionError {
  return new OptionError("INVALID_TOOL", option, message);
}

/**
 * Names of codex's own tools, for all models and with all features enabled. codex accepts a dynamic tool of such a name
 * without an error and then calls its own. Measured on the binary: it was offered a tool of each candidate name, and a
 * scripted model called them, as a model in code mode, one without it and an unknown one.
 */
export const builtinTools: ReadonlySet<string> = new Set([
  // Files and commands. The default model uses `exec` and `wait`; `shell_command` exists for old threads.
  "apply_patch",
  "exec",
  "exec_command",
  "shell_command",
  "view_image",
  "wait",
  "write_stdin",
  // Goals, questions, permissions, context. Some of them require that a feature is enabled.
  "create_goal",
  "get_context_remaining",
  "get_goal",
  "new_context",
  "request_permissions",
  "request_user_input",
  "request_user_input_async",
  "send_message_to_user_async",
  "update_goal",
  "wait_for_environment",
  // Search, and tools that read MCP resources.
  "list_mcp_resource_templates",
  "list_mcp_resources",
  "read_mcp_resource",
  "tool_search",
]);

/** Namespaces that codex refuses at `thread/start`, because the Responses API or MCP servers use them. */
const refusedNamespaces: ReadonlySet<string> = new Set([
  "api_tool",
  "browser",
  "computer",
  "container",
  "file_search",
  "functions",
  "image_gen",
  "mcp",
  "multi_tool_use",
  "python",
  "submodel_delegator",
  "terminal",
  "tool_search",
  "web",
]);

/** Namespaces of codex's own tools. codex accepts our tools in them, but calls its own tool if both have the same name. */
export const builtinNamespaces: ReadonlySet<string> = new Set(["clock", "collaboration", "multi_agent_v1", "skills"]);
