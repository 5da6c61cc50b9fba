import type { ThreadEvent } from "../../protocol/index.js";
import type { AutoRunExecution } from "./auto-run-execution.js";
import type { AutoRunResult } from "./auto-run-result.js";
import type { AutoRunState } from "./auto-run-state.js";

/**
 * A run of several turns, with the contract of a `Turn`: nothing starts before it is read or asked for its result. Its
 * events can be read once; `result()` can be called any number of times. The events of all turns follow one after another,
 * with `codexkit.run.*` events between them. Leaving the loop ends the run. A run is not thenable.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 *
 * await using codex = new Codex();
 * const run = codex.startThread().runAutoStreamed("Make the tests pass", {
 *   until: ({ finalResponse }) => finalResponse?.includes("all green") ?? false,
 * });
 * for await (const event of run) if (event.type === "codexkit.run.turn") console.error("turn", event.turn, event.reason);
 * console.log((await run.result()).stopReason);
 * ```
 */
export class AutoRun<O = undefined> implements AsyncIterable<ThreadEvent>, AsyncDisposable {
  readonly #execution: AutoRunExecution;
  #result: Promise<AutoRunResult<O>> | null = null;

  /** @internal Use `thread.runAutoStreamed()` or `thread.resumeAutoStreamed()`. */
  constructor(execution: AutoRunExecution) {
    this.#execution = execution;
  }

  /** The progress of the run, for `resumeAuto()`. */
  get state(): AutoRunState {
    return this.#execution.state;
  }

  /** Claims the events. Throws `TurnConsumedError` if they are claimed already. */
  get events(): AsyncIterableIterator<ThreadEvent> {
    return this.#execution.stream[Symbol.asyncIterator]();
  }

  /** The model's text as it arrives, without commentary. Claims the events. */
  get textStream(): AsyncIterableIterator<string> {
    return this.#execution.stream.text();
  }

  [Symbol.asyncIterator](): AsyncIterator<ThreadEvent> {
    return this.events;
  }

  /**
   * Resolves when the run has ended, and drives the run if it has no reader. Rejects with the error of a turn that was not
   * retried, `MaxTurnsError`, `GuardrailError`, `RunCallbackError`, `AbortedError` or `ClientClosedError`;
   * `autoRunResultOf(error)` returns the work that was done.
   */
  result(): Promise<AutoRunResult<O>> {
    this.#execution.begin();
    this.#execution.stream.stopWaiting();
    if (this.#result === null) {
      this.#result = this.#settle();
      this.#result.catch(() => undefined);
    }
    return this.#result;
  }

  /** Ends the run and its running turn; `result()` resolves with the stop reason `interrupted`. Idempotent. */
  async interrupt(): Promise<void> {
    await this.#execution.stop({ kind: "interrupt" });
  }

  /** Ends the run. A run that has not started never starts. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#execution.stop({ kind: "break" });
  }

  /** @internal Claims the events for no reader, so that none of them is kept. */
  withoutReader(): this {
    this.#execution.stream.discard();
    return this;
  }

  async #settle(): Promise<AutoRunResult<O>> {
    const { result, error } = await this.#execution.done;
    if (error !== null) throw error;
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- parsed by the schema from which `O` was inferred
    return result as AutoRunResult<O>;
  }
}
