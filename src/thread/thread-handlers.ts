import { type Approver, createApprover } from "../approvals/approver.js";
import { InterruptionRegistry, type StoredInterruptions } from "../approvals/interruptions.js";
import { UnsupportedFeatureError } from "../errors/unsupported-feature-error.js";
import { createRedactor } from "../process/spawn/redact.js";
import { createRequestHandler } from "../requests/answer-request.js";
import type { AnswerRequest } from "../requests/request-context.js";
import type { ToolLogger } from "../tools/call/tool-call.js";
import type { ToolDefinition } from "../tools/tool-definition.js";
import { createToolSet, type ToolSet } from "../tools/tool-set.js";
import type { ThreadTools } from "../transport/transport.js";
import type { HandlerOptions } from "./handler-options.js";
import type { ThreadLine } from "./shared-thread.js";

/** What a client gives all its threads. */
export interface ClientHandlers extends HandlerOptions {
  readonly logger: ToolLogger | null;
}

/** What one turn brings of its own. */
export interface TurnCallOptions {
  /** Undefined where the turn has the thread's. */
  readonly context: unknown;
  /** Which try of the turn it is, from 1. */
  readonly attempt: number;
  /** Where the turn works. */
  readonly workingDirectory: () => string | null;
}

/** Who answers codex on one handle of a thread: its tools and its approvals, over those of its client. */
export class ThreadHandlers {
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
  offer(line: Pick<ThreadLine, "storedTools">): ThreadTools {
    const definitions = (): readonly ToolDefinition[] => this.tools?.definitions() ?? [];
    return {
      definitions,
      get stored() {
        return line.storedTools;
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

  /** What answers the requests of one turn, each by the handlers of its moment: they may have become stricter. */
  answerFor({ context, attempt, workingDirectory }: TurnCallOptions): AnswerRequest {
    return (asked, turn) => {
      const contexts = [context, this.#own.context, this.#client.context];
      const answer = createRequestHandler({
        tools: this.tools,
        approver: this.#approver,
        context: contexts.find((given) => given !== undefined),
        attempt,
        logger: this.#client.logger,
        workingDirectory: workingDirectory(),
      });
      return answer(asked, turn);
    };
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
