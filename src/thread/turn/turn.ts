import { AbortedError } from "../../errors/aborted-error.js";
import { attachResult } from "../../errors/attach-result.js";
import { ClientClosedError } from "../../errors/client-closed-error.js";
import type { CodexError } from "../../errors/codex-error.js";
import type { ThreadEvent } from "../../protocol/index.js";
import { EventBuffer, ReaderGate } from "./event-buffer.js";
import type { OutputReader } from "../output/output-schema.js";
import { readBuffer } from "./read-buffer.js";
import { textStreamOf } from "./text-stream.js";
import { TurnEngine } from "./turn-execution.js";
import type { TurnEngineOptions } from "./turn-engine-options.js";
import type { TurnOutcome, TurnResult } from "./turn-result.js";
import { StructuredOutputError, TurnConsumedError, TurnFailedError, TurnTimeoutError } from "./turn-errors.js";
import { checkImages, type Input, toTurnInput } from "./turn-input.js";

/**
 * One turn of a thread. It is cold: nothing starts before the first pull, `start()` or `result()`. Its events can be
 * read once, as `for await (const event of turn)`, `turn.events` or `turn.textStream`; `result()` may be asked beside
 * that as often as one likes. Leaving the loop ends the turn. It is no promise: `await turn` gives the turn itself.
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
  readonly #engine: TurnEngine;
  readonly #reader: OutputReader | null;
  readonly #buffer: EventBuffer;
  readonly #gate = new ReaderGate(() => this.#claimed && this.#buffer.full);
  /** How the turn ended, with the one error that its reader and its result have in common. */
  readonly #outcome: Promise<TurnOutcome>;
  #claimed = false;
  #result: Promise<TurnResult<O>> | null = null;

  /** @internal Turns are made by `thread.runStreamed()`. */
  constructor(options: TurnEngineOptions & { readonly reader: OutputReader | null; readonly bufferBound?: number }) {
    this.#engine = new TurnEngine({ ...options, gate: this.#gate });
    this.#reader = options.reader;
    this.#buffer = new EventBuffer(options.bufferBound);
    this.#engine.addSink((events) => {
      this.#buffer.push(events);
    });
    this.#outcome = this.#engine.done.then((outcome) => ({ ...outcome, error: errorOf(outcome) }));
    void this.#outcome.then((outcome) => {
      this.#endBuffer(outcome);
    });
  }

  /** The turn's id once codex has told it; always null on exec, which has no turn ids. */
  get id(): string | null {
    return this.#engine.summary.turnId;
  }

  /** Where the turn stands. */
  get status(): TurnEngine["status"] {
    return this.#engine.status;
  }

  /** The events, to be read once. Taking them is claiming them: a second reader throws `TurnConsumedError`. */
  get events(): AsyncIterableIterator<ThreadEvent> {
    return this.#claim();
  }

  /** The model's words as they come, without commentary. It claims the events. */
  get textStream(): AsyncIterableIterator<string> {
    return textStreamOf(this.#claim());
  }

  [Symbol.asyncIterator](): AsyncIterator<ThreadEvent> {
    return this.#claim();
  }

  /** Starts the turn and resolves when codex works on it, or, after a wait in the queue, once it can. */
  async start(): Promise<this> {
    this.#engine.begin();
    await this.#engine.running;
    if (this.#engine.summary.started || this.#engine.summary.status !== "inProgress") return this;
    if (this.#engine.status === "failed" || this.#engine.status === "interrupted") await this.result();
    return this;
  }

  /**
   * What the turn came to; it drives the turn where nobody reads it. Rejects with `TurnFailedError`, `AbortedError`,
   * `TurnTimeoutError`, `StructuredOutputError`, `ClientClosedError`, or what kept the turn from running.
   */
  result(): Promise<TurnResult<O>> {
    this.#engine.begin();
    this.#gate.open();
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
    await this.#engine.steer(parts, options.signal);
  }

  /** Ends the turn with its commands; the thread stays usable and `result()` gives status `interrupted`. Idempotent. */
  async interrupt(): Promise<void> {
    await this.#engine.interrupt();
  }

  /** Ends the turn if it runs. A turn that never started never will. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.stop({ kind: "break" });
  }

  /** @internal Nobody can read the events of this turn, so they are not kept. */
  withoutReader(): this {
    this.#claimed = true;
    this.#buffer.drop();
    return this;
  }

  /** @internal The client or the thread closes: the turn ends with `ClientClosedError`. */
  async closeWith(closed: "client" | "thread"): Promise<void> {
    await this.#engine.stop({ kind: "closed", closed });
  }

  /** @internal */
  get ended(): Promise<TurnOutcome> {
    return this.#engine.done;
  }

  #claim(): AsyncIterableIterator<ThreadEvent> {
    if (this.#claimed) throw new TurnConsumedError();
    this.#claimed = true;
    return readBuffer({
      buffer: this.#buffer,
      gate: this.#gate,
      begin: () => this.#engine.begin(),
      leave: () => this.#engine.stop({ kind: "break" }),
    });
  }

  #endBuffer(outcome: TurnOutcome): void {
    const error = outcome.stop?.kind === "interrupt" ? null : outcome.error;
    const told = outcome.result.status === "completed" || outcome.result.status === "failed";
    this.#buffer.end(told && outcome.stop === null ? null : error, { drop: outcome.stop?.kind === "abort" });
  }

  async #settle(): Promise<TurnResult<O>> {
    const outcome = await this.#outcome;
    if (outcome.error !== null) throw outcome.error;
    const { error: _, ...done } = outcome.result;
    const status = done.status === "completed" ? "completed" : "interrupted";
    const output = status === "completed" ? await this.#read(outcome) : undefined;
    // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- read by the schema that `O` was inferred from
    return { ...done, status, threadId: done.threadId ?? "", output: output as O };
  }

  async #read({ result }: TurnOutcome): Promise<unknown> {
    if (this.#reader === null) return undefined;
    if (result.finalResponse === null) throw new StructuredOutputError(["there is no final answer"], result);
    const read = await this.#reader.read(result.finalResponse);
    if (read.ok) return read.value;
    throw new StructuredOutputError(read.issues, result);
  }
}

function errorOf({ result, error, stop }: TurnOutcome): CodexError | null {
  const { threadId, turnId } = result;
  // What a guardrail refused stays refused, also where codex was done before it could be stopped.
  if (stop?.kind === "refused") return attachResult(stop.error, result);
  if (result.status === "completed") return null;
  switch (stop?.kind) {
    case "abort":
      return new AbortedError(stop.reason, { threadId, turnId, result });
    case "timeout":
      if (result.status === "failed") return new TurnFailedError(result);
      return new TurnTimeoutError(stop.limit, stop.milliseconds, result);
    case "closed":
      return attachResult(new ClientClosedError(stop.closed), result);
    case "break":
      return null;
    case "interrupt":
      // It failed by itself before the interrupt came to it.
      return result.status === "failed" ? new TurnFailedError(result) : null;
    case undefined:
      break;
  }
  if (result.status === "failed") return new TurnFailedError(result);
  return error === null ? null : attachResult(error, result);
}
