/** The program of an MCP server over stdio with one tool, `add`: just enough for codex to call it. */
export const tinyMcpServer = `
import { createInterface } from "node:readline";

function answer({ method, params }) {
  if (method === "initialize") {
    const serverInfo = { name: "tiny", version: "1.0.0" };
    return { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo };
  }
  if (method === "tools/list") {
    const number = { type: "number" };
    const inputSchema = { type: "object", properties: { a: number, b: number }, required: ["a", "b"] };
    return { tools: [{ name: "add", description: "Adds.", inputSchema, annotations: { readOnlyHint: true } }] };
  }
  if (method !== "tools/call") return {};
  const sum = Number(params.arguments?.a) + Number(params.arguments?.b);
  if (!Number.isFinite(sum)) return { content: [{ type: "text", text: "no numbers" }], isError: true };
  return { content: [{ type: "text", text: String(sum) }], structuredContent: { sum } };
}

for await (const line of createInterface({ input: process.stdin })) {
  const message = JSON.parse(line);
  if (message.id === undefined) continue;
  process.stdout.write(JSON.stringify({ jsonrpc: "2.0", id: message.id, result: answer(message) }) + "\\n");
}
`;
