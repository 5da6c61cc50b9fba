import type { ThreadEvent } from "../../protocol/index.js";
import { EventStream } from "../event-stream.js";
import type { AutoRunResult } from "./auto-run-result.js";
import type { AutoRunState } from "./auto-run-state.js";
import { RunEngine, type RunEngineOptions, type RunOutcome } from "./run-engine.js";
import type { LeftRun } from "./run-start.js";

/**
 * A run of several turns, with the contract of a `Turn`: cold until it is read or asked for its result, its events to be
 * read once, `result()` beside that as often as one likes. The events of all turns come one after another, with
 * `codexkit.run.*` between them. Leaving the loop ends the run. It is no promise.
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
  readonly #engine: RunEngine;
  readonly #stream = new EventStream({
    begin: () => this.#engine.begin(),
    stopReading: () => this.#engine.stop({ kind: "break" }),
  });
  #result: Promise<AutoRunResult<O>> | null = null;

  /** @internal Runs are made by `thread.runAutoStreamed()` and `thread.resumeAutoStreamed()`. */
  constructor(options: Omit<RunEngineOptions, "emit" | "ready" | "onHalt">) {
    this.#engine = new RunEngine({
      ...options,
      emit: (event) => this.#stream.push([event]),
      ready: () => this.#stream.caughtUp(),
      onHalt: () => this.#stream.stopWaiting(),
    });
    void this.#engine.done.then((outcome) => this.#endBuffer(outcome));
  }

  /** Where the run stands, for `resumeAuto()`. */
  get state(): AutoRunState {
    return this.#engine.record.state;
  }

  /** The events, to be read once. Taking them is claiming them: a second reader throws `TurnConsumedError`. */
  get events(): AsyncIterableIterator<ThreadEvent> {
    return this.#stream[Symbol.asyncIterator]();
  }

  /** The model's words as they come, without commentary. It claims the events. */
  get textStream(): AsyncIterableIterator<string> {
    return this.#stream.text();
  }

  [Symbol.asyncIterator](): AsyncIterator<ThreadEvent> {
    return this.#stream[Symbol.asyncIterator]();
  }

  /**
   * What the run came to; it drives the run where nobody reads it. Rejects with the error of a turn that was not tried
   * again, `MaxTurnsError`, `GuardrailError`, `RunCallbackError`, `AbortedError` or `ClientClosedError`;
   * `autoRunResultOf(error)` is what was done.
   */
  result(): Promise<AutoRunResult<O>> {
    this.#engine.begin();
    this.#stream.stopWaiting();
    if (this.#result === null) {
      this.#result = this.#settle();
      this.#result.catch(() => undefined);
    }
    return this.#result;
  }

  /** Ends the run and the turn that runs; `result()` gives the stop reason `interrupted`. Idempotent. */
  async interrupt(): Promise<void> {
    await this.#engine.stop({ kind: "interrupt" });
  }

  /** Ends the run if it runs. A run that never started never will. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.stop({ kind: "break" });
  }

  /** @internal Nobody can read the events of this run, so they are not kept. */
  withoutReader(): this {
    this.#stream.discard();
    return this;
  }

  /** @internal Settles when the run has ended; `left()` then tells whether its turn still lives. */
  get ended(): Promise<RunOutcome> {
    return this.#engine.done;
  }

  /** @internal */
  left(): LeftRun | null {
    return this.#engine.left();
  }

  #endBuffer({ error, stop }: RunOutcome): void {
    const untold = stop?.kind === "abort" || stop?.kind === "closed";
    this.#stream.end(untold ? error : null, { drop: stop?.kind === "abort" });
  }

  async #settle(): Promise<AutoRunResult<O>> {
    const { result, error } = await this.#engine.done;
    if (error !== null) throw error;
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- read by the schema that `O` was inferred from
    return result as AutoRunResult<O>;
  }
}
