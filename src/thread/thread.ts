import { ClientClosedError } from "../errors/client-closed-error.js";
import { OptionError } from "../errors/option-error.js";
import { UnsupportedFeatureError } from "../errors/unsupported-feature-error.js";
import { withoutUndefined } from "../internal/without-undefined.js";
import type { ThreadEvent } from "../protocol/index.js";
import {
  checkContradictions,
  checkOptions,
  checkTransportSupport,
  type ThreadConnection,
  type ThreadOptions,
} from "../transport/transport.js";
import { checkWorkingDirectory } from "./check-working-directory.js";
import { type OutputOf, type OutputSchema, toOutputReader } from "./output-schema.js";
import { latestTotalOf, type TurnSummary } from "./reduce-turn.js";
import type { ThreadLine } from "./thread-line.js";
import { type ThreadState, toStoredOptions } from "./thread-state.js";
import { Turn } from "./turn.js";
import type { TurnHost } from "./turn-engine-options.js";
import { checkImages, type Input, toTurnInput } from "./turn-input.js";
import type { ThreadHost, ThreadInit } from "./thread-host.js";
import { withWholePaths } from "./whole-paths.js";
import { toTurnPlan, type TurnOptions } from "./turn-options.js";
import type { TurnResult } from "./turn-result.js";

/**
 * A conversation with the agent. Its turns run one after the other. It is cheap: nothing is started before the first
 * turn, or `start()`. Made by `codex.startThread()` and `codex.resumeThread()`. `D` is the schema that its turns' output
 * has where a turn brings none of its own.
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
  readonly #host: ThreadHost;
  readonly #connection: ThreadConnection;
  readonly #line: ThreadLine;
  readonly #turnHost: TurnHost;
  /** The turns that have begun, be it only to wait, and not ended. */
  readonly #turns = new Set<Turn<unknown>>();
  #closing: Promise<void> | null = null;
  #options: ThreadInit["options"];
  #id: string | null;

  /** @internal */
  constructor(host: ThreadHost, init: ThreadInit) {
    this.#host = host;
    if (init.options.outputSchema !== undefined) toOutputReader(init.options.outputSchema);
    this.#options = withWholePaths({ workingDirectory: ".", ...withoutUndefined(init.options) });
    this.#id = init.threadId;
    this.#line = host.lines.open(init.threadId, init.usageBaseline);
    this.#connection = host.transport.openThread({ threadId: init.threadId, options: toWireOptions(this.#options) });
    this.#turnHost = this.#createTurnHost();
    // It may be one that cannot be resumed: an ephemeral one, or one that never had a turn.
    if (init.threadId === null) host.forgotten.register(this, this.#connection, this);
  }

  /** The thread's id; null until codex has started the thread. */
  get id(): string | null {
    return this.#id;
  }

  /** Starts (or resumes) the thread without a turn, so that its id is known. Throws `UnsupportedFeatureError` on exec. */
  async start(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<string> {
    this.#checkOpen();
    await this.#checkPlace(this.#options);
    this.#checkOpen();
    const id = await this.#connection.start(options.signal);
    this.#checkOpen();
    this.#named(id);
    return id;
  }

  /** Runs one turn to its end. The same as `runStreamed(input, options).result()`. */
  async run<S extends OutputSchema = D>(input: Input, options?: TurnOptions<S>): Promise<TurnResult<OutputOf<S>>> {
    return this.runStreamed(input, options).withoutReader().result();
  }

  /**
   * A turn to be read as it happens. Nothing starts before it is read, started or asked for its result. Throws an
   * `OptionError` at once for an input or an option that cannot be used.
   */
  runStreamed<S extends OutputSchema = D>(input: Input, options: TurnOptions<S> = {}): Turn<OutputOf<S>> {
    this.#checkOpen();
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
      input: parts,
      whenBusy: plan.whenBusy,
      signal: plan.signal,
      limits: plan.limits,
      reader: plan.reader,
      host: this.#turnHost,
      open: async () => {
        this.#checkOpen();
        await checkImages(parts);
        await this.#checkPlace(merged);
        return this.#connection.openTurn({
          input: parts,
          options: overrides,
          outputSchema: plan.reader?.jsonSchema ?? null,
        });
      },
    });
    return turn;
  }

  /** Takes other options from the next turn on, over the ones in force; undefined ones stay as they are. Throws an `OptionError` for ones that cannot be. */
  async update(options: ThreadOptions & { readonly outputSchema?: D | undefined }): Promise<void> {
    this.#checkOpen();
    checkOptions(options, { level: "thread", own: { outputSchema: isOutputSchema } });
    const started = this.#id !== null;
    const changes = withWholePaths(withoutUndefined(options));
    const merged = { ...this.#options, ...changes };
    checkContradictions({ ...changes, sandboxMode: merged.sandboxMode }, started);
    checkContradictions(merged, false);
    checkTransportSupport(merged, this.#host.transport.name);
    checkTransportSupport(changes, this.#host.transport.name, { late: started });
    this.#host.checkOptions(merged);
    await this.#checkPlace(merged);
    // Laid over the options of now: another update may have come in between.
    const updated = { ...this.#options, ...changes };
    this.#connection.update(toWireOptions(updated));
    this.#options = updated;
  }

  /** The thread as plain data, to go on with `codex.resumeThread(state)` elsewhere. Throws while the thread has no id. */
  toJSON(): ThreadState {
    if (this.#id === null) {
      throw new OptionError("INVALID_STATE", "thread", "The thread has no id yet: run a turn or call `start()` first.");
    }
    const { outputSchema: _, ...options } = this.#options;
    const { usageBaseline } = this.#line;
    const usage = typeof usageBaseline === "string" ? null : usageBaseline;
    return {
      version: 1,
      threadId: this.#id,
      transport: this.#host.transport.name,
      options: toStoredOptions(options),
      usage,
    };
  }

  /**
   * Lets the thread go: running and queued turns reject with `ClientClosedError`, as does every later call. It can be
   * resumed by its id. Idempotent.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #close(): Promise<void> {
    this.#host.forgotten.unregister(this);
    await Promise.all([...this.#turns].map((turn) => turn.closeWith("thread")));
    await this.#connection.close();
  }

  #checkOpen(): void {
    if (this.#host.closed) throw new ClientClosedError();
    if (this.#closing !== null) throw new ClientClosedError("thread");
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
      answer: this.#host.answer,
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

function toWireOptions({ outputSchema: _, ...options }: ThreadInit["options"]): ThreadOptions {
  return options;
}
