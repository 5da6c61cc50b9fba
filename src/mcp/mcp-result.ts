import { type JsonObject, toWellFormedText } from "../internal/json.js";
import type { ServedToolResult } from "../tools/tool-server.js";

type McpContent =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image"; readonly data: string; readonly mimeType: string };

/** The result of an MCP tool call. The SDK's types require mutable lists. */
interface McpResult {
  content: McpContent[];
  isError: boolean;
  [key: string]: unknown;
}

export function toMcpResult({ success, contentItems }: ServedToolResult): McpResult {
  return { content: contentItems.map(toMcpContent), isError: !success };
}

export function failedResult(text: string): McpResult {
  return { content: [toText(text)], isError: true };
}

function toMcpContent(item: JsonObject): McpContent {
  const { type, text, imageUrl } = item;
  if (type === "inputText" && typeof text === "string") return toText(text);
  if (type === "inputImage" && typeof imageUrl === "string") {
    const [, mimeType, data] = dataUrl.exec(imageUrl) ?? [];
    if (mimeType !== undefined && data !== undefined) return { type: "image", data, mimeType };
    return toText(imageUrl);
  }
  return toText(JSON.stringify(item));
}

/** The SDK writes the text as JSON, in which codex refuses half of a surrogate pair. */
function toText(text: string): McpContent {
  return { type: "text", text: toWellFormedText(text) };
}

const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^,;]*)*;base64,(.*)$/s;
