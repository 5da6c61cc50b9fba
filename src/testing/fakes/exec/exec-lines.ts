import { asObject, asObjects, asText, isJsonObject, type JsonObject, type JsonValue } from "../../../internal/json.js";
import type { FakeThread } from "../turn/fake-thread.js";

/** Converts the notifications of one turn to the JSONL of `codex exec --json`, which contains far less. */
export class ExecLines {
  readonly #thread: FakeThread;
  readonly #ids = new Map<string, string>();

  constructor(thread: FakeThread) {
    this.#thread = thread;
  }

  /** Returns the line for a notification, or undefined if exec writes none. */
  toLine(method: string, params: JsonObject): string | undefined {
    switch (method) {
      case "turn/started":
        return JSON.stringify({ type: "turn.started" });
      case "error":
        return JSON.stringify({ type: "error", message: messageOf(params["error"]) });
      case "turn/completed":
        return this.#toEnd(asObject(params["turn"]));
      case "item/started":
      case "item/completed":
        return this.#toItem(method === "item/started" ? "item.started" : "item.completed", asObject(params["item"]));
      default:
        return undefined;
    }
  }

  #toEnd(turn: JsonObject): string | undefined {
    if (turn["status"] === "interrupted") return undefined;
    if (turn["status"] === "failed") {
      return JSON.stringify({ type: "turn.failed", error: { message: messageOf(turn["error"]) } });
    }
    const { total } = this.#thread;
    const usage = {
      input_tokens: total.inputTokens,
      cached_input_tokens: total.cachedInputTokens,
      cache_write_input_tokens: total.cacheWriteInputTokens,
      output_tokens: total.outputTokens,
      reasoning_output_tokens: total.reasoningOutputTokens,
    };
    return JSON.stringify({ type: "turn.completed", usage });
  }

  #toItem(type: "item.started" | "item.completed", item: JsonObject): string | undefined {
    const hasNoStart = item["type"] === "agentMessage" || item["type"] === "reasoning";
    if (hasNoStart && type === "item.started") return undefined;
    const fields = toExecFields(item);
    if (fields === undefined) return undefined;
    const id = this.#idOf(asText(item["id"]) ?? "");
    const line = JSON.stringify({ type, item: { id, ...fields } });
    return item["type"] === "webSearch" ? withSecondId(line, id, asText(item["id"]) ?? "") : line;
  }

  #idOf(wireId: string): string {
    const id = this.#ids.get(wireId) ?? `item_${String(this.#ids.size)}`;
    this.#ids.set(wireId, id);
    return id;
  }
}

/** Returns the item's fields in the format of exec, or undefined if exec does not write the item. */
function toExecFields(item: JsonObject): JsonObject | undefined {
  const status = item["status"] === "inProgress" ? "in_progress" : item["status"];
  switch (item["type"]) {
    case "agentMessage":
      return { type: "agent_message", text: item["text"] };
    case "reasoning":
      return { type: "reasoning", text: textsOf(item["summary"]).join("\n") };
    case "commandExecution":
      return {
        type: "command_execution",
        command: item["command"],
        aggregated_output: item["aggregatedOutput"] ?? "",
        exit_code: item["exitCode"] ?? null,
        status,
      };
    case "fileChange": {
      const changes = asObjects(item["changes"]).map(({ path, kind }) => ({ path, kind: asObject(kind)["type"] }));
      return { type: "file_change", changes, status };
    }
    case "mcpToolCall": {
      const { server, tool, arguments: args, result, error } = item;
      return {
        type: "mcp_tool_call",
        server,
        tool,
        arguments: args,
        result: isJsonObject(result) ? { content: result["content"], structured_content: null } : null,
        error: error ?? null,
        status,
      };
    }
    case "webSearch":
      return { type: "web_search", query: item["query"], action: item["action"] };
    default:
      return undefined;
  }
}

/** Adds the second `id` key that codex writes for a web search. */
function withSecondId(line: string, id: string, wireId: string): string {
  const first = `"id":${JSON.stringify(id)},"type":"web_search"`;
  return line.replace(first, () => `${first},"id":${JSON.stringify(wireId)}`);
}

function messageOf(error: JsonValue | undefined): string {
  return asText(asObject(error)["message"]) ?? "";
}

function textsOf(value: JsonValue | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}
