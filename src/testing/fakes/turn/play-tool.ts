import { isJsonObject, type JsonObject, type JsonValue } from "../../../internal/json.js";
import type { DynamicToolCallOutputContentItem } from "../../../protocol/generated/types.js";
import { settledOrAborted } from "../../script/hold.js";
import type { FunctionCallItem } from "../../script/model-items.js";
import type { FakeItem } from "./turn-writer.js";
import type { CallingTurn, PlannedCall } from "./calling-turn.js";

interface PlannedToolCall<Args extends JsonValue = JsonObject> extends PlannedCall {
  readonly args: Args;
}

/** Plays a call of an MCP tool with the declared outcome. Resolves with its output. */
export async function playMcpTool(
  item: FunctionCallItem,
  planned: PlannedToolCall,
  turn: CallingTurn,
): Promise<string> {
  const { callId, args, outcome } = planned;
  const { status = "completed", output = "", durationMs = 1 } = outcome;
  const base = {
    type: "mcpToolCall",
    id: callId,
    server: (item.namespace ?? "").replace(/^mcp__/, ""),
    tool: item.name,
    arguments: args,
    appContext: null,
    mcpAppUi: null,
    pluginId: null,
    readOnlyHint: null,
    environmentId: null,
  } as const;
  turn.writer.start({ ...base, status: "inProgress", result: null, error: null, durationMs: null });
  await outcome.hold?.wait(turn.signal);
  if (turn.signal.aborted) return "";
  const isDone = status === "completed";
  const result = { content: [{ type: "text", text: output }], structuredContent: null, _meta: null };
  turn.writer.complete({
    ...base,
    status: isDone ? "completed" : "failed",
    result: isDone ? result : null,
    error: isDone ? null : { message: output },
    durationMs,
  });
  return output;
}

/** Plays a call of a dynamic tool, which the client runs. Like codex, it passes any JSON as the arguments. */
export async function playDynamicTool(
  item: FunctionCallItem,
  { callId, args }: PlannedToolCall<JsonValue>,
  turn: CallingTurn,
): Promise<string> {
  const { writer } = turn;
  const namespace = item.namespace ?? null;
  const call = { namespace, tool: item.name, arguments: args };
  const base: Extract<FakeItem, { readonly type: "dynamicToolCall" }> = {
    type: "dynamicToolCall",
    id: callId,
    ...call,
    status: "inProgress",
    contentItems: null,
    success: null,
    durationMs: null,
  };
  writer.start(base);
  const { answer } = writer.port.request("item/tool/call", { ...writer.ids, callId, ...call });
  await settledOrAborted(answer, turn.signal);
  if (turn.signal.aborted) {
    writer.complete({ ...base, status: "failed", success: false, durationMs: 1 });
    return "dynamic tool call was cancelled before receiving a response";
  }
  const { success, contentItems, text } = readToolAnswer(await answer);
  writer.complete({ ...base, status: success ? "completed" : "failed", contentItems, success, durationMs: 1 });
  return text;
}

function readToolAnswer(answer: JsonObject): {
  readonly success: boolean;
  readonly contentItems: DynamicToolCallOutputContentItem[];
  readonly text: string;
} {
  const result = answer["result"];
  if (!isJsonObject(result)) return rejected("dynamic tool request failed");
  const { success, contentItems } = result;
  if (typeof success !== "boolean" || !Array.isArray(contentItems))
    return rejected("dynamic tool response was invalid");
  const items = contentItems.flatMap(readContentItem);
  const texts = items.map((item) => (item.type === "inputText" ? item.text : `<${item.type}>`));
  return { success, contentItems: items, text: texts.join("\n") };
}

function rejected(text: string) {
  return { success: false, contentItems: [{ type: "inputText", text } as const], text };
}

function readContentItem(value: JsonValue): DynamicToolCallOutputContentItem[] {
  if (!isJsonObject(value)) return [];
  const { type, text, imageUrl } = value;
  if (type === "inputText" && typeof text === "string") return [{ type, text }];
  return type === "inputImage" && typeof imageUrl === "string" ? [{ type, imageUrl }] : [];
}
