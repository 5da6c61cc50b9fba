import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { ClientClosedError } from "../errors/client-closed-error.js";
import { listenOnLoopback } from "../internal/listen-on-loopback.js";
import type { ToolEndpoint, ToolEndpointOptions, ToolServer } from "../tools/tool-server.js";
import { ConnectionBounds } from "./connection-bounds.js";
import { McpEndpoint } from "./mcp-endpoint.js";
import type { McpSdk } from "./mcp-sdk.js";
import { refuse } from "./refuse.js";

const address = "127.0.0.1";

/**
 * Serves tools over MCP (streamable HTTP) on loopback. It listens while at least one endpoint is open; all endpoints share
 * one port. Neither the listener nor a connection keeps the program alive.
 */
export function createToolServer(sdk: McpSdk): ToolServer {
  const endpoints = new Map<string, McpEndpoint>();
  const bounds = new ConnectionBounds();
  let listener: Promise<Listener> | null = null;
  let closing: Promise<void> | null = null;

  const answer = async (request: IncomingMessage, response: ServerResponse, port: number): Promise<void> => {
    if (request.headers.host !== `${address}:${port}`) return refuse(response, 403, "Wrong host.");
    // Browsers send an origin, and no web page may call a tool.
    if (request.headers.origin !== undefined) return refuse(response, 403, "Wrong origin.");
    const endpoint = endpoints.get(request.url ?? "");
    if (endpoint === undefined) return refuse(response, 404, "Not found.");
    if (!endpoint.hasToken(request)) return refuse(response, 401, "A bearer token is required.");
    bounds.admit(request.socket);
    await endpoint.answer(request, response);
  };

  const open = async (options: ToolEndpointOptions): Promise<ToolEndpoint> => {
    const endpoint = new McpEndpoint(sdk, options);
    // Registered before the port is known, so that closing another endpoint does not stop the listener.
    endpoints.set(endpoint.path, endpoint);
    try {
      const { port } = await (listener ??= listen(answer, bounds));
      if (closing !== null) throw new ClientClosedError();
      let closed: Promise<void> | null = null;
      const close = (): Promise<void> => (closed ??= shut(endpoint));
      return { url: `http://${address}:${port}${endpoint.path}`, token: endpoint.token, close };
    } catch (error) {
      await shut(endpoint);
      throw error;
    }
  };

  const shut = async (endpoint: McpEndpoint): Promise<void> => {
    endpoints.delete(endpoint.path);
    const last = endpoints.size === 0 ? listener : null;
    if (last !== null) listener = null;
    await endpoint.close();
    await last?.then(
      ({ stop }) => stop(),
      () => undefined,
    );
  };

  return {
    serve: (options) => (closing === null ? open(options) : Promise.reject(new ClientClosedError())),
    close() {
      closing ??= Promise.all([...endpoints.values()].map(shut)).then(() => undefined);
      return closing;
    },
  };
}

interface Listener {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, port: number) => Promise<void>;

/** The number of connections at once. Codex opens a few per thread. */
const maxConnections = 4_096;

async function listen(answer: Answer, bounds: ConnectionBounds): Promise<Listener> {
  const server = createServer();
  // A keep-alive timeout could close a connection while codex writes to it, and a call would be lost.
  server.keepAliveTimeout = 0;
  server.maxConnections = maxConnections;
  server.on("connection", (socket) => {
    socket.unref();
    bounds.add(socket);
  });
  const port = await listenOnLoopback(server);
  server.unref();
  server.on("request", (request, response) => {
    answer(request, response, port).catch(() => response.destroy());
  });
  return { port, stop: () => stop(server) };
}

async function stop(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
