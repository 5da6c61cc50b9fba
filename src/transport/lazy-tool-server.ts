import { SingleFlight } from "../internal/single-flight.js";
import type { CreateToolServer, ToolServer } from "../tools/tool-server.js";

/** The one tool server of a transport, created on first use. */
export interface LazyToolServer {
  /** Returns the tool server. If it cannot be created, the next call tries again. */
  readonly get: () => Promise<ToolServer>;
  /** Closes the tool server if it was created. Never rejects. */
  close(): Promise<void>;
}

export function createLazyToolServer(create: CreateToolServer): LazyToolServer {
  let server: ToolServer | null = null;
  const creation = new SingleFlight(async () => (server = await create()), { lasting: true });
  return {
    get: () => creation.get(),
    async close() {
      await creation.close();
      await server?.close();
    },
  };
}
