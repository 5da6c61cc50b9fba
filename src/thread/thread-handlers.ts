import { type Approver, createApprover } from "../approvals/approver.js";
import { InterruptionRegistry, type StoredInterruptions } from "../approvals/interruptions.js";
import { UnsupportedFeatureError } from "../errors/unsupported-feature-error.js";
import { createRedactor } from "../internal/secrets/redact.js";
import type { RequestHandlers } from "../requests/request-turn.js";
import type { ToolLogger } from "../tools/call/tool-call.js";
import type { ToolDefinition } from "../tools/tool-definition.js";
import { createToolSet, type ToolSet } from "../tools/tool-set.js";
import type { ThreadTools } from "../transport/transport.js";
import type { HandlerOptions } from "./handler-options.js";
import type { SharedThread } from "./shared-thread.js";

/** The handlers that all threads of a client use. */
export interface ClientHandlers extends HandlerOptions {
  readonly logger: ToolLogger | null;
}

/** The tools, the approver and the context of one thread handle; each defaults to that of its client. */
export class ThreadHandlers implements RequestHandlers {
  readonly tools: ToolSet | null;
  readonly interruptions: InterruptionRegistry;
  readonly #client: ClientHandlers;
  #own: HandlerOptions;
  /** The thread's directory, which rules with `trustedFiles` are bound to. */
  #directory: string | undefined;
  #decides: HandlerOptions["onApproval"];
  #approver: Approver;

  constructor(
    client: ClientHandlers,
    own: HandlerOptions,
    {
      interruptions,
      threadId = null,
    }: { readonly interruptions?: StoredInterruptions; readonly threadId?: string | null } = {},
  ) {
    this.#client = client;
    this.#own = own;
    this.interruptions = new InterruptionRegistry(interruptions, threadId);
    const sources = [client.tools, own.tools].filter((source) => source !== undefined);
    this.tools = sources.length === 0 ? null : createToolSet(sources);
    this.#decides = this.#onApproval;
    this.#approver = this.#createApprover();
  }

  /**
   * Binds the rules to the thread's directory: digests of `trustedFiles` are taken now. Throws an `OptionError` for a trusted
   * file that does not exist. Must be called before codex works for the thread.
   */
  bind(directory: string | undefined): void {
    this.#directory = directory;
    this.#decides = boundTo(this.#onApproval, directory);
    this.#approver = this.#createApprover();
  }

  /** Returns the tools for the transport. `stored` is read late: another handle may start the thread and set it. */
  offer(shared: Pick<SharedThread, "storedTools">): ThreadTools {
    const definitions = (): readonly ToolDefinition[] => this.tools?.definitions() ?? [];
    return {
      definitions,
      get stored() {
        return shared.storedTools;
      },
    };
  }

  /** Whether an approval handler is set. */
  get asks(): boolean {
    return this.#onApproval !== undefined;
  }

  /** Throws if `onApproval` is set, by the client, here or by `changes`, and the transport has no approval requests for it. */
  check(transport: string, changes: HandlerOptions = {}): void {
    const onApproval = changes.onApproval ?? this.#onApproval;
    if (transport !== "exec" || onApproval === undefined || this.tools !== null) return;
    const advice =
      'codex exec makes no approval requests, and the thread has no tools that could; use `transport: "app-server"`.';
    throw new UnsupportedFeatureError("`onApproval` without tools", "exec", advice);
  }

  /**
   * Returns a function that replaces handlers from the next request on. Undefined options keep their values. Rules are bound
   * again only if they or the directory change. Throws an `OptionError` as `bind` does.
   */
  toUpdate(changes: HandlerOptions, directory: string | undefined): () => void {
    const own = { ...this.#own, ...changes };
    const isRebound = changes.onApproval !== undefined || directory !== this.#directory;
    const decides = isRebound ? boundTo(own.onApproval ?? this.#client.onApproval, directory) : this.#decides;
    return () => {
      this.#own = own;
      this.#directory = directory;
      this.#decides = decides;
      if (isRebound || changes.approvalTimeoutMs !== undefined) this.#approver = this.#createApprover();
    };
  }

  /** The current approver: an update replaces it, also for the requests of a running turn. */
  get approver(): Approver {
    return this.#approver;
  }

  /** The handler or the rule that decides, or null. */
  get policy(): unknown {
    return this.#onApproval ?? null;
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
      onApproval: this.#decides ?? null,
      timeoutMs: this.#own.approvalTimeoutMs ?? this.#client.approvalTimeoutMs,
      interruptions: this.interruptions,
      redact,
    });
  }
}

/** Returns the handler, or the rule for threads in this directory. */
function boundTo(
  onApproval: HandlerOptions["onApproval"],
  directory: string | undefined,
): HandlerOptions["onApproval"] {
  if (typeof onApproval !== "object" || directory === undefined) return onApproval;
  return onApproval.forThread?.(directory) ?? onApproval;
}

/** Redacts texts that look like a secret: the secrets of the handlers are unknown here. */
const redact = createRedactor();
