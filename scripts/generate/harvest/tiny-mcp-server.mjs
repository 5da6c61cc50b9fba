// An MCP server over stdio with one tool, `add`: just enough for codex to call it.
import { Buffer } from "node:buffer";

/**
 * @typedef {{ protocolVersion?: string, arguments?: { a: unknown, b: unknown } }} Params
 * @param {{ method: string, params: Params }} message
 */
function answer({ method, params }) {
  if (method === "initialize") {
    const { protocolVersion } = params;
    return { protocolVersion, capabilities: { tools: {} }, serverInfo: { name: "tiny", version: "1.0.0" } };
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

let rest = Buffer.alloc(0);
process.stdin.on("data", (/** @type {Buffer} */ chunk) => {
  rest = Buffer.concat([rest, chunk]);
  for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
    /** @type {{ id?: number, method: string, params: Params }} */
    const message = JSON.parse(rest.toString("utf8", 0, end));
    rest = rest.subarray(end + 1);
    if (message.id === undefined) continue;
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id: message.id, result: answer(message) })}\n`);
  }
});
