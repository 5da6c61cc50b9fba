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
