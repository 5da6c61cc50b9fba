import type { ToolHost } from "../tools/tool-host.js";
import { loadMcpSdk } from "./mcp-sdk.js";

/**
 * The tool host, with the MCP SDK loaded now and not before. Throws `PeerMissingError` where the SDK is not installed. It
 * is what a transport takes as `createToolHost`.
 */
export async function loadToolHost(): Promise<ToolHost> {
  const [sdk, { createToolHost }] = await Promise.all([
    loadMcpSdk("Host tools that codex calls over MCP"),
    import("./tool-host.js"),
  ]);
  return createToolHost(sdk);
}
