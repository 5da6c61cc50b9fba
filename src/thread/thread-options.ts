import type { ThreadOptions } from "../transport/transport.js";
import type { HandlerOptions } from "./handler-options.js";
import type { OutputSchema } from "./output/output-schema.js";

/** The options of `codex.startThread()` and `codex.resumeThread()`. */
export interface ThreadStartOptions<S extends OutputSchema = OutputSchema> extends ThreadOptions, HandlerOptions {
  /** The schema of every turn's final answer. A turn's own `outputSchema` replaces it. */
  readonly outputSchema?: S | undefined;
}

/** The options of `thread.update()`. */
export type ThreadUpdate<D extends OutputSchema = OutputSchema> = ThreadOptions &
  Omit<HandlerOptions, "tools"> & { readonly outputSchema?: D | undefined };
