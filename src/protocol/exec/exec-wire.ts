/**
 * The lines of `codex exec --json`, for which codex 0.169.0 publishes no schema: its eight event types and their keys,
 * its item types and their keys, in the language of `generated/shapes.ts`. A key is required if the domain's type
 * requires it.
 */
export const execEventShapes = {
  "thread.started": "thread_id:s",
  "turn.started": "",
  "turn.completed": "usage?:*",
  "turn.failed": "error:o usage?:*",
  "item.started": "item:o",
  "item.updated": "item:o",
  "item.completed": "item:o",
  error: "message:s",
} as const;

/** One item type of exec: its name in the domain, its keys, and the keys with another name in the domain. */
export interface ExecItem {
  readonly type: string;
  readonly shape: string;
  readonly keys?: Readonly<Record<string, string>>;
}

export const execItems: Readonly<Record<string, ExecItem>> = {
  agent_message: { type: "agentMessage", shape: "id:s text:s" },
  reasoning: { type: "reasoning", shape: "id:s text:s", keys: { text: "summary" } },
  command_execution: {
    type: "commandExecution",
    shape: "id:s command:s status:s aggregated_output?:s exit_code?:n",
    keys: { aggregated_output: "aggregatedOutput", exit_code: "exitCode" },
  },
  file_change: { type: "fileChange", shape: "id:s status:s changes:a" },
  mcp_tool_call: {
    type: "mcpToolCall",
    shape: "id:s server:s tool:s status:s arguments:* result?:o error?:o",
  },
  collab_tool_call: {
    type: "collabAgentToolCall",
    shape: "id:s tool:s status:s sender_thread_id:s receiver_thread_ids:a agents_states:o prompt?:s",
    keys: {
      sender_thread_id: "senderThreadId",
      receiver_thread_ids: "receiverThreadIds",
      agents_states: "agentsStates",
    },
  },
  web_search: { type: "webSearch", shape: "id:s query:s action?:o" },
  todo_list: { type: "todoList", shape: "id:s items:a" },
  error: { type: "error", shape: "id:s message:s" },
};

/** A usage without one of them, such as that of an older codex, is kept in the event's residue and not decoded. */
export const execUsageShape =
  "input_tokens:n cached_input_tokens:n cache_write_input_tokens:n output_tokens:n reasoning_output_tokens:n";

export const execUsageKeys = {
  input_tokens: "inputTokens",
  cached_input_tokens: "cachedInputTokens",
  cache_write_input_tokens: "cacheWriteInputTokens",
  output_tokens: "outputTokens",
  reasoning_output_tokens: "reasoningOutputTokens",
} as const;

/** Values with another spelling in the domain. All other values, including unknown ones, are the same on both wires. */
export const execStatuses = { in_progress: "inProgress" } as const;

export const execCollabTools = {
  spawn_agent: "spawnAgent",
  send_input: "sendInput",
  resume_agent: "resumeAgent",
  close_agent: "closeAgent",
  send_message: "sendMessage",
  followup_task: "followupTask",
  interrupt_agent: "interruptAgent",
  list_agents: "listAgents",
} as const;

export const execAgentStatuses = { pending_init: "pendingInit", not_found: "notFound" } as const;

export const execSearchActions = { open_page: "openPage", find_in_page: "findInPage" } as const;

export const execMcpResultKeys = { structured_content: "structuredContent" } as const;
