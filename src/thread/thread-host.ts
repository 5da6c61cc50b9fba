import type { StoredInterruptions } from "../approvals/interruptions.js";
import type { StoredTools } from "../tools/stored-tools.js";
import type { ThreadConnection, ThreadOptions, Transport } from "../transport/transport.js";
import type { AutoRunState } from "./auto-run/auto-run-state.js";
import type { OutputSchema } from "./output/output-schema.js";
import type { HandlerOptions } from "./handler-options.js";
import type { ClientHandlers } from "./thread-handlers.js";
import type { ThreadLines } from "./shared-thread.js";
import type { Turn } from "./turn/turn.js";
import type { UsageBaseline } from "./turn/turn-usage.js";

/** What a thread needs of its client. */
export interface ThreadHost {
  readonly transport: Transport;
  /** The tools and handlers that all threads of the client have. */
  readonly handlers: ClientHandlers;
  readonly closed: boolean;
  /** Fires, with the error as its reason, when the client is closed. */
  readonly closing: AbortSignal;
  readonly lines: ThreadLines;
  /** Lets go what nobody can reach any more. */
  readonly forgotten: FinalizationRegistry<ThreadConnection>;
  /** Throws for options of a thread that contradict those of the client. */
  checkOptions(options: ThreadOptions): void;
  /** Told of each turn, so that closing the client ends it. */
  opened(turn: Turn<unknown>): void;
}

/** What `thread.update()` takes. */
export type ThreadUpdate<D extends OutputSchema = OutputSchema> = ThreadOptions &
  Omit<HandlerOptions, "tools"> & { readonly outputSchema?: D | undefined };

export interface ThreadInit {
  readonly threadId: string | null;
  readonly options: ThreadOptions & { readonly outputSchema?: OutputSchema | undefined };
  readonly usageBaseline: UsageBaseline;
  /** The thread's own tools and handlers. */
  readonly handlers: HandlerOptions;
  /** What codex keeps of tools with the thread, as far as it is known. */
  readonly storedTools: StoredTools | "unknown";
  /** What the thread waited for when its state was saved. */
  readonly interruptions?: StoredInterruptions | undefined;
  /** Where its run stood then. */
  readonly run?: AutoRunState | null | undefined;
}
