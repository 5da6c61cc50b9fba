import type { ThreadEvent } from "../../protocol/index.js";
import { answersIn } from "./reduce-turn.js";
import { StructuredOutputError } from "./turn-errors.js";
import { TurnExecution, type TurnStatus } from "./turn-execution.js";
import { checkImages, type Input, toTurnInput } from "./turn-input.js";
import type { TurnPlan } from "./turn-options.js";
import type { TurnOutcome, TurnResult } from "./turn-result.js";
import type { TurnThread } from "./turn-thread.js";

/**
 * One turn of a thread. It is cold: it starts with the first pull of its events, `start()` or `result()`. Its events can be
 * read once, by `for await (const event of turn)`, `turn.events` or `turn.textStream`. `result()` can be called any number
 * of times, with or without a reader. Leaving the loop ends the turn, unless other callers have joined it. A turn is not a promise: `await turn` returns the
 * turn itself.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 *
 * await using codex = new Codex();
 * const turn = codex.startThread().runStreamed("Explain the build");
 * for await (const event of turn) if (event.type === "item.completed") console.log(event.item.type);
 * const { finalResponse } = await turn.result();
 * ```
 */
export class Turn<O = undefined> implements AsyncIterable<ThreadEvent>, AsyncDisposable {
  readonly #execution: TurnExecution;
  readonly #parser: TurnPlan["parser"];
  #result: Promise<TurnResult<O>> | null = null;

  /** @internal Use `thread.runStreamed()`. */
  constructor(thread: TurnThread, plan: TurnPlan) {
    this.#execution = new TurnExecution(thread, plan);
    this.#parser = plan.parser;
  }

  /** The turn's id; null until codex has reported it, and always null on exec, which has no turn ids. */
  get id(): string | null {
    return this.#execution.summary.turnId;
  }

  /** The state of the turn. */
  get status(): TurnStatus {
    return this.#execution.status;
  }

  /** The events, to be read once. Reading this property claims them: a second reader throws `TurnConsumedError`. */
  get events(): AsyncIterableIterator<ThreadEvent> {
    return this.#execution.stream[Symbol.asyncIterator]();
  }

  /** The model's text as it arrives, without commentary. It claims the events. */
  get textStream(): AsyncIterableIterator<string> {
    return this.#execution.stream.text();
  }

  [Symbol.asyncIterator](): AsyncIterator<ThreadEvent> {
    return this.events;
  }

  /** Starts the turn. Resolves when codex works on it. If another turn runs on the thread, this turn waits in the queue first. */
  async start(): Promise<this> {
    const execution = this.#execution;
    execution.begin();
    await execution.running;
    if (execution.summary.started || execution.summary.status !== "inProgress") return this;
    if (execution.status === "failed" || execution.status === "interrupted") await this.result();
    return this;
  }

  /**
   * Resolves with the result of the turn, and starts the turn if nothing else has. Rejects with `TurnFailedError`,
   * `AbortedError`, `TurnTimeoutError`, `StructuredOutputError`, `ClientClosedError`, or the error that prevented the turn
   * from running.
   */
  result(): Promise<TurnResult<O>> {
    this.#execution.begin();
    this.#execution.stream.stopWaiting();
    if (this.#result === null) {
      this.#result = this.#settle();
      this.#result.catch(() => undefined);
    }
    return this.#result;
  }

  /** Adds input to the running turn. Throws `TurnNotActiveError`, and `UnsupportedFeatureError` on exec. */
  async steer(input: Input, options: { readonly signal?: AbortSignal | undefined } = {}): Promise<void> {
    const parts = toTurnInput(input);
    await checkImages(parts);
    await this.#execution.steer(parts, options.signal);
  }

  /**
   * Ends the turn and its commands. `result()` resolves with status `interrupted`, and the thread can run further turns. It
   * also ends the turn for other callers that take part in it (`whenBusy: "steer"`); to leave it to them, abort the signal
   * or leave the loop. Idempotent.
   */
  async interrupt(): Promise<void> {
    await this.#execution.interrupt();
  }

  /** Ends the turn, unless other callers take part in it. A turn that has not started cannot be started afterwards. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#execution.stopReading();
  }

  /** @internal Drops the events, because the turn is not passed to a reader. */
  withoutReader(): this {
    this.#execution.stream.discard();
    return this;
  }

  async #settle(): Promise<TurnResult<O>> {
    const outcome = await this.#execution.done;
    if (outcome.failure !== null) throw outcome.failure;
    const { error: _, ...done } = outcome.result;
    const status = done.status === "completed" ? "completed" : "interrupted";
    const output = status === "completed" ? await this.#parse(outcome) : undefined;
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- parsed by the schema that `O` was inferred from
    return { ...done, status, threadId: done.threadId ?? "", output: output as O };
  }

  async #parse({ result }: TurnOutcome): Promise<unknown> {
    if (this.#parser === null) return undefined;
    if (result.finalResponse === null) throw new StructuredOutputError(["there is no final answer"], result);
    const parsed = await this.#parser.parse(answersIn(result.items));
    if (parsed.ok) return parsed.value;
    throw new StructuredOutputError(parsed.issues, result);
  }
}
