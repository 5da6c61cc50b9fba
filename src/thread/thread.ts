import type { Interruptions } from "../approvals/interruptions.js";
import { OptionError } from "../errors/option-error.js";
import type { AutoRun } from "./auto-run/auto-run.js";
import type { AutoRunResult } from "./auto-run/auto-run-result.js";
import type { AutoRunSetup } from "./auto-run/create-auto-run.js";
import type { OutputOf, OutputSchema } from "./output/output-schema.js";
import { ThreadEngine } from "./thread-engine.js";
import type { ThreadHost, ThreadInit, ThreadUpdate } from "./thread-host.js";
import { ThreadRuns } from "./thread-runs.js";
import type { ThreadState } from "./thread-state.js";
import type { Turn } from "./turn/turn.js";
import type { Input } from "./turn/turn-input.js";
import type { TurnOptions } from "./turn/turn-options.js";
import type { TurnResult } from "./turn/turn-result.js";

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
  readonly #engine: ThreadEngine;
  readonly #host: ThreadHost;
  readonly #runs: ThreadRuns;

  /** @internal */
  constructor(host: ThreadHost, init: ThreadInit) {
    this.#host = host;
    this.#engine = new ThreadEngine(host, init);
    this.#runs = new ThreadRuns(this.#engine, init.run ?? null);
    // It may be one that cannot be resumed, an ephemeral one or one that never had a turn, or have tools served for it.
    host.forgotten.register(this, this.#engine.connection, this);
  }

  /** The thread's id; null until codex has started the thread. */
  get id(): string | null {
    return this.#engine.id;
  }

  /**
   * Requests for approval that were deferred and wait for a decision, be it for hours: `decide()` each of them. Of a
   * thread that was resumed from its state they are what it waited for then.
   */
  get interruptions(): Interruptions {
    return this.#engine.handlers.interruptions;
  }

  /** Starts (or resumes) the thread without a turn, so that its id is known. Throws `UnsupportedFeatureError` on exec. */
  async start(options: { readonly signal?: AbortSignal | undefined } = {}): Promise<string> {
    return this.#engine.start(options.signal);
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
    return this.#engine.openTurn(input, options);
  }

  /**
   * Runs turns until a goal is reached: it repairs output that does not fit, tries transient failures again before their
   * first side effect, and minds guardrails and hooks. The same as `runAutoStreamed(input, options).result()`.
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

  /** A run of several turns, to be read as it happens. Cold, as a turn is; throws an `OptionError` at once. */
  runAutoStreamed<S extends OutputSchema = D, C = unknown>(
    input: Input,
    options: AutoRunSetup<S, C> = {},
  ): AutoRun<OutputOf<S>> {
    return this.#runs.start(input, options);
  }

  /**
   * Goes on with the last run: one that was left while it waited for a decision, with the same turn; or, of a thread that
   * was resumed from what `checkpoint` saved, where that stood. Functions come from the options again. Throws an
   * `OptionError` (`INVALID_STATE`) where there is none.
   */
  async resumeAuto<S extends OutputSchema = D, C = unknown>(
    options: AutoRunSetup<S, C> = {},
  ): Promise<AutoRunResult<OutputOf<S>>> {
    return this.resumeAutoStreamed(options).withoutReader().result();
  }

  /** `resumeAuto()`, to be read as it happens. */
  resumeAutoStreamed<S extends OutputSchema = D, C = unknown>(options: AutoRunSetup<S, C> = {}): AutoRun<OutputOf<S>> {
    return this.#runs.resume(options);
  }

  /**
   * Takes other options from the next turn on, over the ones in force; undefined ones stay as they are. Throws an
   * `OptionError` for ones that cannot be.
   */
  async update(options: ThreadUpdate<D>): Promise<void> {
    await this.#engine.update(options);
  }

  /** The thread as plain data, to go on with `codex.resumeThread(state)` elsewhere. Throws while the thread has no id. */
  toJSON(): ThreadState {
    const state = this.#engine.toState();
    if (state !== null) return { ...state, run: this.#runs.state };
    throw new OptionError("INVALID_STATE", "thread", "The thread has no id yet: run a turn or call `start()` first.");
  }

  /**
   * Lets the thread go: running and queued turns reject with `ClientClosedError`, as does every later call. It can be
   * resumed by its id. Idempotent.
   */
  async close(): Promise<void> {
    this.#host.forgotten.unregister(this);
    await this.#engine.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
