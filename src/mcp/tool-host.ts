import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { once } from "node:events";
import { ClientClosedError } from "../errors/client-closed-error.js";
import type { ToolEndpoint, ToolEndpointOptions, ToolHost } from "../tools/tool-host.js";
import { HostedEndpoint } from "./hosted-endpoint.js";
import type { McpSdk } from "./mcp-sdk.js";
import { refuse } from "./refuse.js";

const address = "127.0.0.1";

/**
 * Serves tools over MCP (streamable HTTP) on loopback. It listens while an endpoint is open, on one port for all of them,
 * and neither the listener nor a connection keeps the program alive.
 */
export function createToolHost(sdk: McpSdk): ToolHost {
  const endpoints = new Map<string, HostedEndpoint>();
  let listener: Promise<Listener> | null = null;
  let closing: Promise<void> | null = null;

  const answer = async (request: IncomingMessage, response: ServerResponse, port: number): Promise<void> => {
    if (request.headers.host !== `${address}:${port}`) return refuse(response, 403, "Wrong host.");
    // No browser has business here, whatever page it shows.
    if (request.headers.origin !== undefined) return refuse(response, 403, "Wrong origin.");
    const endpoint = endpoints.get(request.url ?? "");
    if (endpoint === undefined) return refuse(response, 404, "Nothing is here.");
    await endpoint.answer(request, response);
  };

  const open = async (options: ToolEndpointOptions): Promise<ToolEndpoint> => {
    const endpoint = new HostedEndpoint(sdk, options);
    // It counts before there is a port, so that another one's end does not stop the listener meanwhile.
    endpoints.set(endpoint.path, endpoint);
    try {
      const { port } = await (listener ??= listen(answer));
      if (closing !== null) throw new ClientClosedError();
      let closed: Promise<void> | null = null;
      const close = (): Promise<void> => (closed ??= shut(endpoint));
      return { url: `http://${address}:${port}${endpoint.path}`, token: endpoint.token, close };
    } catch (error) {
      await shut(endpoint);
      throw error;
    }
  };

  const shut = async (endpoint: HostedEndpoint): Promise<void> => {
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

async function listen(answer: Answer): Promise<Listener> {
  const server = createServer();
  // A connection that is closed while codex writes to it would cost a call.
  server.keepAliveTimeout = 0;
  server.on("connection", (socket) => socket.unref());
  server.listen(0, address);
  await once(server, "listening");
  server.unref();
  const port = portOf(server);
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

function portOf(server: Server): number {
  const bound = server.address();
  return typeof bound === "object" && bound !== null ? bound.port : 0;
}
