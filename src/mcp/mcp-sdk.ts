import { PeerMissingError } from "../errors/peer-missing-error.js";

const peer = "@modelcontextprotocol/sdk";

/** What is used of the official MCP SDK, which is an optional peer: nothing else imports a value of it. */
export type McpSdk = Awaited<ReturnType<typeof importSdk>>;

/** Throws `PeerMissingError` where the SDK is not installed. */
export async function loadMcpSdk(feature: string, load: () => Promise<McpSdk> = importSdk): Promise<McpSdk> {
  try {
    return await load();
  } catch (cause) {
    throw isMissing(cause) ? new PeerMissingError(peer, feature, { cause }) : cause;
  }
}

/**
 * A bundler must build a program that lacks the package. esbuild takes an import that is awaited within `try` for one that
 * may fail, if each stands alone; webpack would complain all the same, and leaves these to Node.
 */
async function importSdk() {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- McpServer takes no JSON Schema, which is what tools have here
    const { Server } = await import(/* webpackIgnore: true */ "@modelcontextprotocol/sdk/server/index.js");
    const { StreamableHTTPServerTransport } = await import(
      /* webpackIgnore: true */ "@modelcontextprotocol/sdk/server/streamableHttp.js"
    );
    const { CallToolRequestSchema, ListToolsRequestSchema } = await import(
      /* webpackIgnore: true */ "@modelcontextprotocol/sdk/types.js"
    );
    return { Server, StreamableHTTPServerTransport, CallToolRequestSchema, ListToolsRequestSchema };
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error));
  }
}

function isMissing(error: unknown): boolean {
  if (!(error instanceof Error) || !error.message.includes(peer)) return false;
  return "code" in error && (error.code === "ERR_MODULE_NOT_FOUND" || error.code === "MODULE_NOT_FOUND");
}
