import type { ToolServer } from "../tools/tool-server.js";
import { loadMcpSdk } from "./mcp-sdk.js";

/**
 * Loads the MCP SDK and creates the tool server. Rejects with a `PeerMissingError` if the SDK is not installed. Transports
 * receive it as `createToolServer`.
 */
export async function loadToolServer(): Promise<ToolServer> {
  const [sdk, { createToolServer }] = await Promise.all([
    loadMcpSdk("Host tools that codex calls over MCP"),
    import("./tool-server.js"),
  ]);
  return createToolServer(sdk);
}
