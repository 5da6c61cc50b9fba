// An MCP server over stdio with a tool that needs approval, one that needs none, and one that asks the user for a name.
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";

const server = new McpServer({ name: "asking", version: "1.0.0" });

server.registerTool("work", { description: "Works" }, () => ({ content: [{ type: "text", text: "worked" }] }));

server.registerTool("read", { description: "Reads", annotations: { readOnlyHint: true } }, () => ({
  content: [{ type: "text", text: "was read" }],
}));

server.registerTool("greet", { description: "Greets", annotations: { readOnlyHint: true } }, async () => {
  const { action, content } = await server.server.elicitInput({
    message: "Who are you?",
    requestedSchema: { type: "object", properties: { name: { type: "string" } }, required: ["name"] },
  });
  return { content: [{ type: "text", text: `${action} ${JSON.stringify(content ?? null)}` }] };
});

await server.connect(new StdioServerTransport());
