import { PeerMissingError } from "../errors/peer-missing-error.js";
import { isError, systemCodeOf } from "../internal/is-error.js";

const peer = "@modelcontextprotocol/sdk";

/** The used parts of the official MCP SDK. It is an optional peer, so no other file imports its values. */
export type McpSdk = Awaited<ReturnType<typeof importSdk>>;

/** Imports the SDK. Rejects with a `PeerMissingError` if it is not installed. */
export async function loadMcpSdk(feature: string, load: () => Promise<McpSdk> = importSdk): Promise<McpSdk> {
  try {
    return await load();
  } catch (cause) {
    throw isMissing(cause) ? new PeerMissingError(peer, feature, { cause }) : cause;
  }
}

/**
 * A bundler must be able to build a program that lacks the package. esbuild allows an import to fail if it is awaited alone
 * inside `try`. webpack does not, so `webpackIgnore` leaves these imports to Node.
 */
async function importSdk() {
  try {
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- McpServer accepts no JSON Schema, and the tools have nothing else
    const { Server } = await import(/* webpackIgnore: true */ "@modelcontextprotocol/sdk/server/index.js");
    const { StreamableHTTPServerTransport } = await import(
      /* webpackIgnore: true */ "@modelcontextprotocol/sdk/server/streamableHttp.js"
    );
    const { CallToolRequestSchema, ListToolsRequestSchema } = await import(
      /* webpackIgnore: true */ "@modelcontextprotocol/sdk/types.js"
    );
    return { Server, StreamableHTTPServerTransport, CallToolRequestSchema, ListToolsRequestSchema };
  } catch (error) {
    throw isError(error) ? error : new Error(String(error));
  }
}

function isMissing(error: unknown): boolean {
  if (!isError(error) || !error.message.includes(peer)) return false;
  const code = systemCodeOf(error);
  return code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
}
