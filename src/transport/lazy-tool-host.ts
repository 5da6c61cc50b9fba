import { SingleFlight } from "../internal/single-flight.js";
import type { CreateToolHost, ToolHost } from "../tools/tool-host.js";

/** The one tool host of a transport, created on first use. */
export interface LazyToolHost {
  /** Returns the tool host. If it cannot be created, the next call tries again. */
  readonly get: () => Promise<ToolHost>;
  /** Closes the tool host if it was created. Never rejects. */
  close(): Promise<void>;
}

export function createLazyToolHost(create: CreateToolHost): LazyToolHost {
  let host: ToolHost | null = null;
  const creation = new SingleFlight(async () => (host = await create()), { lasting: true });
  return {
    get: () => creation.get(),
    async close() {
      await creation.close();
      await host?.close();
    },
  };
}
