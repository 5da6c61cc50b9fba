import type { InterruptionRegistry } from "../approvals/interruptions.js";
import { ClientClosedError } from "../errors/client-closed-error.js";
import { UnsupportedFeatureError } from "../errors/unsupported-feature-error.js";
import { withoutUndefined } from "../internal/without-undefined.js";
import type { ThreadEvent } from "../protocol/index.js";
import { answerRequest } from "../requests/answer-request.js";
import {
  checkContradictions,
  checkOptions,
  checkTransportSupport,
  type ThreadConnection,
  type ThreadOptions,
} from "../transport/transport.js";
import { checkWorkingDirectory, withWholePaths } from "./check-working-directory.js";
import { handlerUpdateChecks, splitHandlers } from "./handler-options.js";
import { type OutputOf, type OutputSchema, toOutputReader } from "./output/output-schema.js";
import { latestTotalOf, type TurnSummary } from "./turn/reduce-turn.js";
import { ThreadHandlers } from "./thread-handlers.js";
import type { ThreadHost, ThreadInit, ThreadUpdate } from "./thread-host.js";
import type { ThreadLine } from "./shared-thread.js";
import { type ThreadState, toStoredOptions } from "./thread-state.js";
import { Turn } from "./turn/turn.js";
import type { TurnHost } from "./turn/turn-engine-options.js";
import { checkImages, type Input, toTurnInput } from "./turn/turn-input.js";
import { toTurnPlan, type TurnOptions } from "./turn/turn-options.js";

/** What is behind a {@link Thread}: its options, its turns, and what is known of it. */
export class ThreadEngine {
  readonly connection: ThreadConnection;
  readonly handlers: ThreadHandlers;
  readonly #host: ThreadHost;
  readonly #line: ThreadLine;
  readonly #turnHost: TurnHost;
  /** The turns that have begun, be it only to wait, and not ended. */
  readonly #turns = new Set<Turn<unknown>>();
  readonly #closer = new AbortController();
  #closed: AbortSignal | null = null;
  #closing: Promise<void> | null = null;
  #options: ThreadInit["options"];
  #id: string | null;

  constructor(host: ThreadHost, init: ThreadInit) {
    this.#host = host;
    if (init.options.outputSchema !== undefined) toOutputReader(init.options.outputSchema);
    this.#options = withWholePaths({ workingDirectory: ".", ...withoutUndefined(init.options) });
    this.#id = init.threadId;
    this.handlers = new ThreadHandlers(host.handlers, init.handlers, init.interruptions);
    this.handlers.check(host.transport.name);
    this.#line = host.lines.open(init.threadId, init);
    this.connection = host.transport.openThread({
      threadId: init.threadId,
      options: this.#toWireOptions(this.#options, this.handlers.asks),
      tools: this.handlers.offer(this.#line),
      asks: this.handlers.asks,
    });
    this.#turnHost = this.#createTurnHost();
  }

  get id(): string | null {
    return this.#id;
  }

  get outputSchema(): OutputSchema | undefined {
    return this.#options.outputSchema;
  }

  async start(signal: AbortSignal | undefined): Promise<string> {
    this.checkOpen();
    await this.#checkPlace(this.#options);
    this.checkOpen();
    const id = await this.connection.start(signal);
    this.checkOpen();
    this.#named(id);
    return id;
  }

  /** `attempt` is which try of the turn it is, from 1. */
  openTurn<S extends OutputSchema>(input: Input, options: TurnOptions<S>, attempt = 1): Turn<OutputOf<S>> {
    this.checkOpen();
    const plan = toTurnPlan(options, this.#options);
    const overrides = withWholePaths(plan.overrides);
    const merged = { ...this.#options, ...overrides };
    // What the thread allows and the turn's own sandbox does not is no contradiction: the sandbox says more.
    checkContradictions({ sandboxMode: merged.sandboxMode, ...overrides }, false);
    checkTransportSupport(merged, this.#host.transport.name);
    checkTransportSupport(overrides, this.#host.transport.name, { late: true });
    this.#checkSteering(plan.whenBusy);
    const parts = toTurnInput(input);
    const turn: Turn<OutputOf<S>> = new Turn<OutputOf<S>>({
      onBegin: () => {
        this.#begun(turn);
      },
      answer: (request, open) => {
        const workingDirectory = overrides.workingDirectory ?? this.#options.workingDirectory ?? null;
        return answerRequest(request, { ...open, context: plan.context, attempt, workingDirectory }, this.handlers);
      },
      input: parts,
      whenBusy: plan.whenBusy,
      signal: plan.signal,
      limits: plan.limits,
      reader: plan.reader,
      host: this.#turnHost,
      open: async () => {
        this.checkOpen();
        await checkImages(parts);
        await this.#checkPlace(merged);
        return this.connection.openTurn({
          input: parts,
          options: overrides,
          outputSchema: plan.reader?.jsonSchema ?? null,
        });
      },
    });
    return turn;
  }

  async update(given: ThreadUpdate): Promise<void> {
    this.checkOpen();
    checkOptions(given, { level: "thread", own: { ...handlerUpdateChecks, outputSchema: isOutputSchema } });
    const { handlers, rest: options } = splitHandlers(given);
    const started = this.#id !== null;
    const changes = withWholePaths(withoutUndefined(options));
    const merged = { ...this.#options, ...changes };
    checkContradictions({ ...changes, sandboxMode: merged.sandboxMode }, started);
    checkContradictions(merged, false);
    checkTransportSupport(merged, this.#host.transport.name);
    checkTransportSupport(changes, this.#host.transport.name, { late: started });
    this.#host.checkOptions(merged);
    this.handlers.check(this.#host.transport.name, handlers);
    await this.#checkPlace(merged);
    // Laid over the options of now: another update may have come in between.
    const updated = { ...this.#options, ...changes };
    const asks = this.handlers.asks || handlers.onApproval !== undefined;
    this.connection.update(this.#toWireOptions(updated, asks), { asks });
    this.handlers.update(withoutUndefined(handlers));
    this.#options = updated;
  }

  get interruptions(): InterruptionRegistry {
    return this.handlers.interruptions;
  }

  /** Fires, with the error as its reason, when the thread or its client is closed. */
  get closed(): AbortSignal {
    this.#closed ??= AbortSignal.any([this.#closer.signal, this.#host.closing]);
    return this.#closed;
  }

  /** All but where a run stands. Null while the thread has no id. */
  toState(): ThreadState | null {
    if (this.#id === null) return null;
    const { outputSchema: _, ...options } = this.#options;
    const { usageBaseline } = this.#line;
    const tools = this.connection.storedTools ?? this.#line.storedTools;
    return {
      version: 2,
      threadId: this.#id,
      transport: this.#host.transport.name,
      options: toStoredOptions(options),
      usage: typeof usageBaseline === "string" ? null : usageBaseline,
      tools: tools === "unknown" ? null : tools,
      interruptions: this.interruptions.toJSON(),
      run: null,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  checkOpen(): void {
    if (this.#host.closed) throw new ClientClosedError();
    if (this.#closing !== null) throw new ClientClosedError("thread");
  }

  async #close(): Promise<void> {
    this.#closer.abort(new ClientClosedError("thread"));
    await Promise.all([...this.#turns].map((turn) => turn.closeWith("thread")));
    await this.connection.close();
  }

  /** Whoever can be asked is asked, unless the caller says otherwise. */
  #toWireOptions({ outputSchema: _, ...options }: ThreadInit["options"], asks: boolean): ThreadOptions {
    if (!asks || this.#host.transport.name === "exec") return options;
    return { approvalPolicy: "on-request", ...options };
  }

  #begun(turn: Turn<unknown>): void {
    this.#host.opened(turn);
    this.#turns.add(turn);
    void turn.ended.then(() => this.#turns.delete(turn));
  }

  #checkSteering(whenBusy: "queue" | "steer" | "reject"): void {
    const { features, name } = this.#host.transport;
    if (whenBusy !== "steer" || features.steer) return;
    throw new UnsupportedFeatureError('`whenBusy: "steer"`', name, 'use "queue" or "reject".');
  }

  async #checkPlace({ workingDirectory = ".", skipGitRepoCheck = false }: ThreadOptions): Promise<void> {
    await checkWorkingDirectory(workingDirectory, skipGitRepoCheck);
  }

  #createTurnHost(): TurnHost {
    const threadId = (): string | null => this.#id;
    return {
      line: this.#line,
      pushesBack: this.#host.transport.features.pushesBack,
      get threadId() {
        return threadId();
      },
      heard: (event) => {
        this.#heard(event);
      },
      ended: (summary) => {
        this.#ended(summary);
      },
    };
  }

  #heard(event: ThreadEvent): void {
    if (event.threadId !== null && event.threadId !== "") this.#named(event.threadId);
  }

  #named(threadId: string): void {
    if (this.#id !== null) return;
    this.#id = threadId;
    this.#host.lines.register(threadId, this.#line);
  }

  #ended(summary: TurnSummary): void {
    if (summary.threadId !== null) this.#named(summary.threadId);
    this.#line.storedTools = this.connection.storedTools ?? this.#line.storedTools;
    const total = latestTotalOf(summary);
    if (total !== null) this.#line.usageBaseline = total;
    // On app-server no report means that nothing was counted; exec tells nothing of a turn that did not complete.
    else if (summary.started && this.#host.transport.name === "exec") this.#line.usageBaseline = "unknown";
  }
}

/** A schema that cannot be used is refused where it is given, in its own words. */
function isOutputSchema(schema: unknown): null {
  toOutputReader(schema);
  return null;
}
