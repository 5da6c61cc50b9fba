import { ClientClosedError } from "../errors/client-closed-error.js";
import type { CreateToolHost, ToolHost } from "../tools/tool-host.js";

/** The one tool host of a transport, made when it is first needed; a failure is tried again the next time. */
export interface LazyToolHost {
  readonly get: () => Promise<ToolHost>;
  /** Closes it where it was made. It never rejects. */
  close(): Promise<void>;
}

export function createLazyToolHost(create: CreateToolHost): LazyToolHost {
  let host: Promise<ToolHost> | null = null;
  let closed = false;
  return {
    async get() {
      if (closed) throw new ClientClosedError();
      host ??= create();
      try {
        return await host;
      } catch (error) {
        host = null;
        throw error;
      }
    },
    async close() {
      closed = true;
      await host?.then(
        (made) => made.close(),
        () => undefined,
      );
    },
  };
}
