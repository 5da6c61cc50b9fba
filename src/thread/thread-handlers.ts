import { type Approver, createApprover } from "../approvals/approver.js";
import { InterruptionRegistry, type StoredInterruptions } from "../approvals/interruptions.js";
import { UnsupportedFeatureError } from "../errors/unsupported-feature-error.js";
import { createRedactor } from "../process/spawn/redact.js";
import type { RequestHandlers } from "../requests/request-turn.js";
import type { ToolLogger } from "../tools/call/tool-call.js";
import type { ToolDefinition } from "../tools/tool-definition.js";
import { createToolSet, type ToolSet } from "../tools/tool-set.js";
import type { ThreadTools } from "../transport/transport.js";
import type { HandlerOptions } from "./handler-options.js";
import type { SharedThread } from "./shared-thread.js";

/** What a client gives all its threads. */
export interface ClientHandlers extends HandlerOptions {
  readonly logger: ToolLogger | null;
}

/** The tools, the approver and the context of one thread handle; each defaults to that of its client. */
export class ThreadHandlers implements RequestHandlers {
  readonly tools: ToolSet | null;
  readonly interruptions: InterruptionRegistry;
  readonly #client: ClientHandlers;
  #own: HandlerOptions;
  #approver: Approver;

  constructor(client: ClientHandlers, own: HandlerOptions, stored?: StoredInterruptions) {
    this.#client = client;
    this.#own = own;
    this.interruptions = new InterruptionRegistry(stored);
    const sources = [client.tools, own.tools].filter((source) => source !== undefined);
    this.tools = sources.length === 0 ? null : createToolSet(sources);
    this.#approver = this.#createApprover();
  }

  /** The tools for the transport. What codex keeps with the thread may be known only once another handle has started it. */
  offer(shared: Pick<SharedThread, "storedTools">): ThreadTools {
    const definitions = (): readonly ToolDefinition[] => this.tools?.definitions() ?? [];
    return {
      definitions,
      get stored() {
        return shared.storedTools;
      },
    };
  }

  /** Whether somebody is there to be asked. */
  get asks(): boolean {
    return this.#onApproval !== undefined;
  }

  /** Throws where the transport has nothing that could ask; `changes` are about to be taken. */
  check(transport: string, changes: HandlerOptions = {}): void {
    const onApproval = changes.onApproval ?? this.#own.onApproval;
    if (transport !== "exec" || onApproval === undefined || this.tools !== null) return;
    const advice = 'codex exec asks nobody, and there are no tools that could; use `transport: "app-server"`.';
    throw new UnsupportedFeatureError("`onApproval` without tools", "exec", advice);
  }

  /** Takes other ones from the next request on; undefined ones stay as they are. */
  update(changes: HandlerOptions): void {
    this.#own = { ...this.#own, ...changes };
    if (changes.onApproval !== undefined || changes.approvalTimeoutMs !== undefined) {
      this.#approver = this.#createApprover();
    }
  }

  /** The current approver: an update replaces it, also for the requests of a running turn. */
  get approver(): Approver {
    return this.#approver;
  }

  get context(): unknown {
    return this.#own.context === undefined ? this.#client.context : this.#own.context;
  }

  get logger(): ToolLogger | null {
    return this.#client.logger;
  }

  get #onApproval(): HandlerOptions["onApproval"] {
    return this.#own.onApproval ?? this.#client.onApproval;
  }

  #createApprover(): Approver {
    return createApprover({
      onApproval: this.#onApproval ?? null,
      timeoutMs: this.#own.approvalTimeoutMs ?? this.#client.approvalTimeoutMs,
      interruptions: this.interruptions,
      redact,
    });
  }
}

/** The secrets of the handlers are not known here; what has the shape of one is. */
const redact = createRedactor();
