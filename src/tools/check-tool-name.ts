import { OptionError } from "../errors/option-error.js";
import { flatNameOf, toolKey } from "./tool-key.js";

/** Codex's own limits, of a name and of a namespace. `namespace__name` must fit the first one, too. */
const maxNameLength = 128;
const maxNamespaceLength = 64;

/** Throws an `OptionError` (`INVALID_TOOL`) for a name that codex would refuse, or take for one of its own. */
export function checkToolName(name: unknown, namespace: unknown): asserts name is string {
  checkWord(name, "name", maxNameLength);
  if (namespace !== null) checkNamespace(namespace);
  if (namespace === null && name === "mcp") throw reserved("name", name, "codex keeps it for MCP servers");
  const tool = { name, namespace: typeof namespace === "string" ? namespace : null };
  const flat = flatNameOf(tool);
  if (flat.length > maxNameLength) {
    throw invalid(
      "name",
      `\`${flat}\` has ${flat.length} characters; namespace and name together may have ${maxNameLength}.`,
    );
  }
  const key = toolKey(tool);
  if (key.startsWith("mcp__")) throw reserved("name", flat, "codex keeps `mcp__` for MCP servers");
  if (builtinTools.has(key)) throw reserved("name", flat, "codex has a tool of this name, and would call its own");
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
  throw invalid(option, `The tool's \`${option}\` ${shown} is not one that codex takes: use ${rule}.`);
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
 * Names of codex's own tools, on any model and with any feature switched on: codex takes a dynamic tool of such a name
 * without a word, and then calls its own. Measured on the binary 0.169.0, by offering it a tool of each candidate name and
 * having a scripted model call them, on gpt-6.1-sol (code mode), gpt-5.5 and an unknown model.
 */
export const builtinTools: ReadonlySet<string> = new Set([
  // Files and commands. `exec` and `wait` are the default model's, `shell_command` is kept for old threads.
  "apply_patch",
  "exec",
  "exec_command",
  "shell_command",
  "view_image",
  "wait",
  "write_stdin",
  // Goals, questions, permissions, context. Some of them need a feature to be switched on.
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
  // Search, and what reads MCP resources.
  "list_mcp_resource_templates",
  "list_mcp_resources",
  "read_mcp_resource",
  "tool_search",
]);

/** Namespaces that codex refuses at `thread/start`: the Responses API has them, or MCP servers do. */
export const refusedNamespaces: ReadonlySet<string> = new Set([
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

/** Namespaces of codex's own tools. It takes them from us, too, but where a name is in both, its own tool is called. */
export const builtinNamespaces: ReadonlySet<string> = new Set(["clock", "collaboration", "multi_agent_v1"]);
