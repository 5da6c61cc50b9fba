import type { ThreadConnection, ThreadOptions, Transport } from "../transport/transport.js";
import type { OutputSchema } from "./output-schema.js";
import type { AnswerRequest } from "../requests/request-context.js";
import type { ThreadLines } from "./thread-line.js";
import type { Turn } from "./turn.js";
import type { UsageBaseline } from "./turn-usage.js";

/** What a thread needs of its client. */
export interface ThreadHost {
  readonly transport: Transport;
  readonly answer: AnswerRequest;
  readonly closed: boolean;
  readonly lines: ThreadLines;
  /** Lets go what nobody can reach any more. */
  readonly forgotten: FinalizationRegistry<ThreadConnection>;
  /** Throws for options of a thread that contradict those of the client. */
  checkOptions(options: ThreadOptions): void;
  /** Told of each turn, so that closing the client ends it. */
  opened(turn: Turn<unknown>): void;
}

export interface ThreadInit {
  readonly threadId: string | null;
  readonly options: ThreadOptions & { readonly outputSchema?: OutputSchema | undefined };
  readonly usageBaseline: UsageBaseline;
}
