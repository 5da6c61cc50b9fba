import type { ThreadEvent } from "../../protocol/index.js";
import { EventBuffer, ReaderGate } from "./event-buffer.js";
import { textStreamOf } from "./text-stream.js";
import { TurnConsumedError } from "../turn/turn-errors.js";

/** The work whose events a stream carries. */
export interface EventSource {
  /** Starts the work if it has not started. Called at each pull. */
  begin(): void;
  /** Stops the work. Called, and awaited, when the reader breaks out of its loop. */
  stopReading(): Promise<void>;
}

/**
 * The events of a turn or a run, which can be read once: the first reader claims them, and a second claim throws
 * `TurnConsumedError`. The work starts with the first pull and stops when the reader leaves the loop. Events are buffered
 * within a bound, and the source can wait for a reader that is behind.
 */
export class EventStream implements AsyncIterable<ThreadEvent> {
  readonly #source: EventSource;
  readonly #buffer = new EventBuffer();
  readonly #gate = new ReaderGate(() => this.#claimed && this.#buffer.full);
  #claimed = false;

  constructor(source: EventSource) {
    this.#source = source;
  }

  /** Claims the events. Throws `TurnConsumedError` if they are claimed already. */
  [Symbol.asyncIterator](): AsyncIterableIterator<ThreadEvent> {
    this.#claim();
    return {
      next: () => {
        this.#source.begin();
        const next = this.#buffer.next();
        this.#gate.check();
        return next;
      },
      return: async () => {
        this.#buffer.drop();
        await this.#source.stopReading();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Claims the events and returns the model's text alone, without commentary. */
  text(): AsyncIterableIterator<string> {
    return textStreamOf(this[Symbol.asyncIterator]());
  }

  /** Claims the events of work that has no reader, and drops them. */
  discard(): void {
    this.#claim();
    this.#buffer.drop();
  }

  push(events: readonly ThreadEvent[]): void {
    this.#buffer.push(events);
  }

  /** Ends the stream. The reader receives `error`, if any, after the unread events, or at once if `drop` is set. */
  end(error: Error | null, options: { readonly drop: boolean }): void {
    this.#buffer.end(error, options);
  }

  /** Whether `caughtUp()` would wait. */
  get behind(): boolean {
    return this.#gate.shut;
  }

  /** Resolves when the reader is no longer behind, or after `stopWaiting()`. One call at a time. */
  caughtUp(): Promise<void> {
    return this.#gate.pass();
  }

  /** Makes `caughtUp()` resolve at once from now on. Called if other code than the reader waits for the end of the work. */
  stopWaiting(): void {
    this.#gate.open();
  }

  #claim(): void {
    if (this.#claimed) throw new TurnConsumedError();
    this.#claimed = true;
  }
}
