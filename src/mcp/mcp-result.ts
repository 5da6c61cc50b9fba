import type { JsonObject } from "../internal/json.js";
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
  return { content: [{ type: "text", text }], isError: true };
}

function toMcpContent(item: JsonObject): McpContent {
  const { type, text, imageUrl } = item;
  if (type === "inputText" && typeof text === "string") return { type: "text", text };
  if (type === "inputImage" && typeof imageUrl === "string") {
    const [, mimeType, data] = dataUrl.exec(imageUrl) ?? [];
    if (mimeType !== undefined && data !== undefined) return { type: "image", data, mimeType };
    return { type: "text", text: imageUrl };
  }
  return { type: "text", text: JSON.stringify(item) };
}

const dataUrl = /^data:([\w.+-]+\/[\w.+-]+)(?:;[^,;]*)*;base64,(.*)$/s;
