import type { InterruptionRegistry, Interruptions } from "../approvals/interruptions.js";
import { ClientClosedError } from "../errors/client-closed-error.js";
import { withoutUndefined } from "../internal/without-undefined.js";
import type { ServerRequestAnswer } from "../protocol/index.js";
import { answerRequest } from "../requests/answer-request.js";
import {
  checkChange,
  checkFixedSandbox,
  checkOptions,
  type ServerRequest,
  type StoredTurn,
  type ThreadConnection,
  type ThreadOptions,
  type TurnConnection,
} from "../transport/transport.js";
import type { AutoRun } from "./auto-run/auto-run.js";
import type { AutoRunResult } from "./auto-run/auto-run-result.js";
import type { AutoRunState } from "./auto-run/auto-run-state.js";
import type { AutoRunSetup } from "./auto-run/auto-run-options.js";
import { checkWorkingDirectory, withWholePaths } from "./check-working-directory.js";
import type { ClientThreads } from "./client-threads.js";
import { splitHandlers } from "./handler-options.js";
import { checkProtectedPaths, withProtectedPaths } from "./protected-paths.js";
import { type OutputOf, type OutputSchema, toOutputParser } from "./output/output-schema.js";
import type { SharedThread, ThreadOrigin } from "./shared-thread.js";
import { ThreadHandlers } from "./thread-handlers.js";
import { HandleTurns } from "./handle-turns.js";
import type { ThreadStartOptions, ThreadUpdate } from "./thread-options.js";
import { ThreadRuns } from "./thread-runs.js";
import { type ThreadState, toStoredOptions } from "./thread-state.js";
import { ThreadStorage, type UnsavedTurn } from "./thread-storage.js";
import { latestTotalOf, type TurnSummary } from "./turn/reduce-turn.js";
import { Turn } from "./turn/turn.js";
import { checkImages, type Input, toTurnInput } from "./turn/turn-input.js";
import { checkSteering, toTurnPlan, type TurnOptions, type TurnPlan } from "./turn/turn-options.js";
import type { TurnResult } from "./turn/turn-result.js";
import type { WatchedTurn } from "./turn/turn-thread.js";
import { anySignal } from "../internal/abort/any-signal.js";

/**
 * A handle of a conversation with the agent. Its turns run one after the other. Creating it is cheap: nothing starts before
 * the first turn or `start()`. Create it with `codex.startThread()` or `codex.resumeThread()`. `D` is the output schema of
 * turns that set none of their own.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 *
 * await using codex = new Codex();
 * const thread = codex.startThread({ sandboxMode: "workspace-write" });
 * await thread.run("Fix the failing test");
 * const { finalResponse } = await thread.run("Now explain what was wrong");
 * console.log(finalResponse, thread.id);
 * ```
 */
export class Thread<D extends OutputSchema = never> implements AsyncDisposable {
  /** @internal */
  readonly shared: SharedThread;
  readonly #threads: ClientThreads;
  readonly #handlers: ThreadHandlers;
  readonly #connection: ThreadConnection;
  readonly #runs: ThreadRuns;
  readonly #closer = new AbortController();
  readonly #turns = new HandleTurns();
  readonly #storage: ThreadStorage;
  #options: Omit<ThreadStartOptions, "tools" | "onApproval" | "approvalTimeoutMs" | "context">;
  #closed: AbortSignal | null = null;
  #closing: Promise<void> | null = null;

  /** @internal Use `codex.startThread()` or `codex.resumeThread()`. */
  constructor(threads: ClientThreads, given: ThreadStartOptions, origin: ThreadOrigin & Partial<StoredWork>) {
    const { handlers, rest: options } = splitHandlers(given);
    if (options.outputSchema !== undefined) toOutputParser(options.outputSchema);
    this.#threads = threads;
    this.#options = withProtectedPaths(withWholePaths({ workingDirectory: ".", ...withoutUndefined(options) }));
    this.#handlers = new ThreadHandlers(threads.handlers, handlers, origin);
    this.#handlers.check(threads.transport.name);
    this.#handlers.bind(this.#options.workingDirectory);
    this.shared = threads.shared.open(origin);
    this.#connection = threads.transport.openThread({
      threadId: origin.threadId,
      unstarted: this.shared.unstarted,
      options: this.#toWireOptions(this.#options, this.#handlers.asks),
      tools: this.#handlers.offer(this.shared),
      asks: this.#handlers.asks,
    });
    this.#runs = new ThreadRuns(this, origin.run ?? null);
    this.#storage = new ThreadStorage(origin.unsaved);
    threads.watch(this, this.#connection);
  }

  /** The thread's id; null until codex has started the thread. */
  get id(): string | null {
    return this.shared.id;
  }

  /**
   * Approval requests that were deferred and have no decision yet; they can wait for hours. Call `decide()` for each of them.
   * A thread that was resumed from a stored state has the requests of that state.
   */
  get interruptions(): Interruptions {
    return this.#handlers.interruptions;
  }

  /** Starts (or resumes) the thread without a turn, and resolves with its id. Throws `UnsupportedFeatureError` on exec. */
  async start(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<string> {
    this.#checkOpen();
    checkWorkingDirectory(this.#options);
    checkProtectedPaths(this.#options);
    await this.#storage.check(this.#connection, this.id, options.signal);
    const id = await this.#connection.start(options.signal);
    this.#checkOpen();
    this.shared.replace(id);
    return id;
  }

  /** Runs one turn and resolves with its result. The same as `runStreamed(input, options).result()`. */
  async run<S extends OutputSchema = D>(input: Input, options?: TurnOptions<S>): Promise<TurnResult<OutputOf<S>>> {
    return this.runStreamed(input, options).withoutReader().result();
  }

  /**
   * Returns a turn whose events can be read as they arrive. The turn starts with the first pull of its events, `start()` or
   * `result()`. Throws an `OptionError` for an invalid input or option.
   */
  runStreamed<S extends OutputSchema = D>(input: Input, options: TurnOptions<S> = {}): Turn<OutputOf<S>> {
    return this.openTurn(input, options, 1);
  }

  /**
   * Runs turns until a goal is reached. It repairs output that does not fit its schema, repeats a turn that failed
   * transiently before its first side effect, and applies guardrails and hooks. The same as
   * `runAutoStreamed(input, options).result()`.
   *
   * @example
   * ```ts
   * import { Codex } from "codexkit";
   *
   * await using codex = new Codex();
   * const { stopReason, turns } = await codex.startThread().runAuto("Make the tests pass", {
   *   maxTurns: 5,
   *   until: ({ finalResponse }) => finalResponse?.includes("all green") ?? false,
   * });
   * console.log(stopReason, turns.length);
   * ```
   */
  async runAuto<S extends OutputSchema = D, C = unknown>(
    input: Input,
    options: AutoRunSetup<S, C> = {},
  ): Promise<AutoRunResult<OutputOf<S>>> {
    return this.runAutoStreamed(input, options).withoutReader().result();
  }

  /** Returns a run of several turns whose events can be read as they arrive. It is cold. Throws an `OptionError`. */
  runAutoStreamed<S extends OutputSchema = D, C = unknown>(
    input: Input,
    options: AutoRunSetup<S, C> = {},
  ): AutoRun<OutputOf<S>> {
    return this.#runs.start(input, options);
  }

  /**
   * Continues the last run. A run that stopped for a deferred approval continues with the same turn. On a thread that was
   * resumed from a state saved by `checkpoint`, the run continues from that state. Functions must be passed again. Throws an
   * `OptionError` (`INVALID_STATE`) if there is no such run.
   */
  async resumeAuto<S extends OutputSchema = D, C = unknown>(
    options: AutoRunSetup<S, C> = {},
  ): Promise<AutoRunResult<OutputOf<S>>> {
    return this.resumeAutoStreamed(options).withoutReader().result();
  }

  /** `resumeAuto()` as a run whose events can be read as they arrive. */
  resumeAutoStreamed<S extends OutputSchema = D, C = unknown>(options: AutoRunSetup<S, C> = {}): AutoRun<OutputOf<S>> {
    return this.#runs.resume(options);
  }

  /**
   * Changes options from the next turn on. Undefined options keep their values. Throws an `OptionError` for invalid options,
   * and `UnsupportedFeatureError` for options that a started thread cannot change.
   */
  async update(given: ThreadUpdate<D>): Promise<void> {
    this.#checkOpen();
    checkOptions(given, { level: "update" });
    if (given.outputSchema !== undefined) toOutputParser(given.outputSchema);
    const { name } = this.#threads.transport;
    const { handlers, rest: options } = splitHandlers(given);
    const changes = withWholePaths(withoutUndefined(options));
    if (this.id !== null) checkFixedSandbox(this.#options, changes);
    const merged = withProtectedPaths({ ...this.#options, ...changes });
    checkChange({ base: this.#options, changes, transport: name, existing: this.id !== null });
    this.#threads.checkOptions(merged);
    this.#handlers.check(name, handlers);
    checkWorkingDirectory(merged);
    const asks = this.#handlers.asks || handlers.onApproval !== undefined;
    const updateHandlers = this.#handlers.toUpdate(withoutUndefined(handlers), merged.workingDirectory);
    this.#connection.update(this.#toWireOptions(merged, asks), { asks });
    updateHandlers();
    this.#options = merged;
  }

  /**
   * Returns the thread as plain data for `codex.resumeThread(state)` in another process. Before the first turn or `start()`
   * its `threadId` is null, and `resumeThread(state)` creates a new thread with the same options.
   */
  toJSON(): ThreadState {
    return { ...this.#toState(this.id), run: this.#runs.state };
  }

  /**
   * Releases the thread. Running and queued turns reject with `ClientClosedError`, as does every later call. The thread can
   * be resumed by its id. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** @internal Returns a cold turn. `attempt` is the number of this try, from 1. */
  openTurn<S extends OutputSchema>(input: Input, options: TurnOptions<S>, attempt: number): Turn<OutputOf<S>> {
    this.#checkOpen();
    const plan = toTurnPlan(options, this.#options);
    const overrides = withWholePaths(plan.overrides);
    const { name } = this.#threads.transport;
    // The thread's own options were checked when they were set.
    if (Object.keys(overrides).length > 0)
      checkChange({ base: this.#options, changes: overrides, transport: name, existing: true, forTurn: true });
    checkSteering(plan.whenBusy, this.#threads.transport);
    return new Turn<OutputOf<S>>(this, { ...plan, overrides, input: toTurnInput(input), attempt });
  }

  /** @internal Returns the state without the state of the run, or null if the thread has no id yet. */
  toState(): ThreadState | null {
    return this.id === null ? null : this.#toState(this.id);
  }

  #toState(threadId: string | null): ThreadState {
    const { outputSchema: _, ...options } = this.#options;
    const { usageBaseline } = this.shared;
    const tools = this.#connection.storedTools ?? this.shared.storedTools;
    const { unsaved } = this.#storage;
    return {
      version: 2,
      threadId,
      transport: this.#threads.transport.name,
      options: toStoredOptions(options),
      usage: typeof usageBaseline === "string" ? null : usageBaseline,
      tools: tools === "unknown" ? null : tools,
      interruptions: this.#handlers.interruptions.toJSON(),
      run: null,
      ...(this.shared.unstarted ? { unstarted: true } : {}),
      ...(unsaved === null ? {} : { unsaved }),
    };
  }

  /** @internal */
  get outputSchema(): OutputSchema | undefined {
    return this.#options.outputSchema;
  }

  /** @internal */
  get deferredApprovals(): InterruptionRegistry {
    return this.#handlers.interruptions;
  }

  /** @internal Aborted with the error as its reason when the thread or its client closes. */
  get closed(): AbortSignal {
    this.#closed ??= anySignal([this.#closer.signal, this.#threads.closed]);
    return this.#closed;
  }

  /** @internal */
  get closedBy(): "client" | "thread" {
    return this.#threads.closed.aborted ? "client" : "thread";
  }

  /** @internal */
  get policy(): unknown {
    return this.#handlers.policy;
  }

  /** @internal */
  get pushesBack(): boolean {
    return this.#threads.transport.features.pushesBack;
  }

  /** @internal */
  async connect({ input, overrides, parser }: TurnPlan, signal: AbortSignal): Promise<TurnConnection> {
    this.#checkOpen();
    await checkImages(input);
    checkWorkingDirectory({ ...this.#options, ...overrides });
    checkProtectedPaths(this.#options);
    await this.#storage.check(this.#connection, this.id, signal);
    return this.#connection.openTurn({ input, options: overrides, outputSchema: parser?.jsonSchema ?? null });
  }

  /** @internal */
  answer(
    request: ServerRequest,
    turn: WatchedTurn,
    { context, attempt, overrides }: TurnPlan,
  ): Promise<ServerRequestAnswer> {
    const workingDirectory = overrides.workingDirectory ?? this.#options.workingDirectory ?? null;
    return answerRequest(request, { ...turn, context, attempt, workingDirectory }, this.#handlers);
  }

  /** @internal */
  async storedTurns(signal?: AbortSignal): Promise<readonly StoredTurn[] | null | undefined> {
    return this.#connection.history?.(signal);
  }

  /** @internal */
  track(ended: Promise<unknown>): void {
    this.#threads.track(ended);
    this.#turns.track(ended);
  }

  /** @internal */
  lead(ended: Promise<unknown>): void {
    this.#turns.lead(ended);
  }

  /** @internal */
  recordEnd(summary: TurnSummary): void {
    const { shared } = this;
    this.#storage.record(summary);
    if (summary.threadId !== null) shared.identify(summary.threadId);
    if (summary.status !== "inProgress") shared.unstarted = false;
    shared.storedTools = this.#connection.storedTools ?? shared.storedTools;
    const total = latestTotalOf(summary);
    if (total !== null) shared.usageBaseline = total;
    // On app-server no report means no usage. Exec reports no usage for a turn that did not complete.
    else if (summary.started && this.#threads.transport.name === "exec") shared.usageBaseline = "unknown";
  }

  #checkOpen(): void {
    this.#threads.checkOpen();
    if (this.#closing !== null) throw new ClientClosedError("thread");
  }

  async #close(): Promise<void> {
    this.#threads.unwatch(this);
    this.#closer.abort(new ClientClosedError("thread"));
    const turns = await this.#turns.settled();
    if (turns === null) return this.#connection.close();
    const released = turns.others.then(() => this.#connection.close());
    this.#threads.track(released.catch(() => undefined));
  }

  /** Defaults `approvalPolicy` to `on-request` if an approval handler is set. */
  #toWireOptions({ outputSchema: _, ...options }: ThreadStartOptions, asks: boolean): ThreadOptions {
    if (!asks || this.#threads.transport.name === "exec") return options;
    return { approvalPolicy: "on-request", ...options };
  }
}

/** Unfinished work of a stored state. */
interface StoredWork {
  readonly interruptions: ThreadState["interruptions"];
  readonly run: AutoRunState | null;
  readonly unsaved: UnsavedTurn | undefined;
}

/** Throws the schema's own `OptionError` if codex cannot use the schema. */
