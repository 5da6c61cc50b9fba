import { loadToolServer } from "../mcp/load-tool-server.js";
import { createAppServerTransport } from "../transport/app-server/app-server-transport.js";
import { createExecTransport } from "../transport/exec/exec-transport.js";
import type { TransportName, TransportOptions } from "../transport/options/options.js";
import type { Transport } from "../transport/transport.js";
import { clientVersion } from "./client-version.js";
import { resolveCodex } from "./resolve-codex.js";

/** Creates a transport. `createTransport` imports this file on first use, as one part of the package. */
export function loadTransport(
  name: TransportName,
  client: TransportOptions,
  env: Readonly<Record<string, string | undefined>>,
): Transport {
  const shared = { client, env, locate: () => resolveCodex(client), warn, createToolServer: loadToolServer };
  if (name === "exec") return createExecTransport(shared);
  return createAppServerTransport({ ...shared, clientName: "codexkit", clientVersion });
}

/** The warnings about versions that this process has emitted. */
const emitted = new Set<string>();

function warn(message: string): void {
  if (emitted.has(message)) return;
  emitted.add(message);
  process.emitWarning(message, { type: "CodexkitWarning", code: "CODEXKIT_UNSUPPORTED_VERSION" });
}
