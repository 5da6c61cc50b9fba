import { createAppServerTransport } from "../transport/app-server/app-server-transport.js";
import { createExecTransport } from "../transport/exec/exec-transport.js";
import type { TransportOptions } from "../transport/options/options.js";
import { reachLoopback } from "../transport/launch/reach-loopback.js";
import { withOuterMarkers } from "../transport/launch/run-marker.js";
import type { Transport } from "../transport/transport.js";
import { loadToolServer } from "../mcp/load-tool-server.js";
import { splitHandlers } from "../thread/handler-options.js";
import type { CodexOptions } from "./codex-options.js";
import { resolveCodex } from "./resolve-codex.js";
import { clientVersion } from "./client-version.js";

/** The transport that the options name. It is the one place where the process's own environment is read. */
export function createTransport(options: CodexOptions): Transport {
  const { transport = "app-server", logger: _, ...client } = splitHandlers(options).rest;
  if (typeof transport === "object") return transport;
  const env = reachLoopback(withOuterMarkers(client.env ?? process.env, process.env));
  const shared = {
    client: client satisfies TransportOptions,
    env,
    locate: () => resolveCodex(client),
    warn,
    createToolServer: loadToolServer,
  };
  if (transport === "exec") return createExecTransport(shared);
  return createAppServerTransport({ ...shared, clientName: "codexkit", clientVersion });
}

function warn(message: string): void {
  process.emitWarning(message, { type: "CodexkitWarning", code: "CODEXKIT_UNSUPPORTED_VERSION" });
}
