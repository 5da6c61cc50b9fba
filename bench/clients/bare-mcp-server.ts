import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { CallToolRequestSchema, ListToolsRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { addTool } from "./add-tool.js";

export interface AddToolServer {
  /** The entry in codex's `mcp_servers`, as TOML. */
  readonly config: string;
  close(): Promise<void>;
}

/** The smallest server of a tool with the official MCP SDK: no token and no checks. */
export async function serveAddTool(): Promise<AddToolServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const http = createServer((request, response) => {
    void (async () => {
      const session = sessions.get(String(request.headers["mcp-session-id"]));
      const transport = session ?? (await openSession(sessions));
      await transport.handleRequest(request, response);
    })();
  });
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  const { port } = http.address() as AddressInfo;
  return {
    config: `{url="http://127.0.0.1:${port}/mcp",required=true,default_tools_approval_mode="approve"}`,
    async close() {
      await Promise.all([...sessions.values()].map((transport) => transport.close()));
      http.closeAllConnections();
      http.close();
    },
  };
}

async function openSession(
  sessions: Map<string, StreamableHTTPServerTransport>,
): Promise<StreamableHTTPServerTransport> {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => void sessions.set(id, transport),
  });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- `McpServer` requires zod, and the tool is JSON Schema
  const server = new Server({ name: "bare", version: "0" }, { capabilities: { tools: {} } });
  server.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [{ ...addTool }] }));
  server.setRequestHandler(CallToolRequestSchema, ({ params }) => {
    const { a, b } = params.arguments as { readonly a: number; readonly b: number };
    return { content: [{ type: "text", text: String(a + b) }] };
  });
  await server.connect(transport);
  return transport;
}
