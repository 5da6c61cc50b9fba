import type { ClientStep, Step } from "./recorded-steps.js";
import type { ReplayPort, ReplayProgress } from "./replay-progress.js";
import { respell } from "../spelling.js";

/** The steps of one thread, played in their order: what the server says waits for all that the client said before. */
export class ThreadTrack {
  /** The thread's id in the recording. */
  readonly recordedId: string;
  /** The id by which the client knows it: another one where two threads that began alike have changed places. */
  clientId: string;
  readonly steps: readonly Step[];
  readonly #progress: ReplayProgress;
  #at = 0;

  constructor(recordedId: string, steps: readonly Step[], progress: ReplayProgress) {
    this.recordedId = recordedId;
    this.clientId = recordedId;
    this.steps = steps;
    this.#progress = progress;
  }

  get isOver(): boolean {
    return this.#at === this.steps.length;
  }

  get clientSteps(): readonly ClientStep[] {
    return this.steps.filter(isClientStep);
  }

  /** The request that opens the thread. */
  get opening(): ClientStep | undefined {
    const [first] = this.steps;
    return first !== undefined && isClientStep(first) ? first : undefined;
  }

  /** Whether it has not got beyond its opening: the client has said nothing else in it. */
  get isFresh(): boolean {
    return !this.clientSteps.slice(1).some((step) => this.#progress.isSaid(step));
  }

  /** What may be said now: the next steps of the client, up to where the server speaks again. */
  get awaited(): readonly ClientStep[] {
    return this.#awaitedFrom(this.#at);
  }

  /** The same where the client does not let the thread go, as it did in the recording, or its letting go is on its way. */
  get awaitedLater(): readonly ClientStep[] {
    return this.#awaitedFrom(this.#afterFarewell());
  }

  /** Leaves out that the thread was let go, and resumed. */
  skipFarewell(): void {
    const end = this.#afterFarewell();
    for (const step of this.steps.slice(this.#at, end)) if (isClientStep(step)) this.#progress.drop(step);
    this.#at = end;
  }

  /** Plays as far as it goes. */
  advance(port: ReplayPort): void {
    for (let step = this.steps[this.#at]; step !== undefined; step = this.steps[this.#at]) {
      if (isClientStep(step)) {
        if (!this.#progress.isSaid(step)) return;
      } else this.#progress.deliver(step, this.#renaming(port));
      this.#at += 1;
    }
  }

  /** Goes to where it is when its opening has been answered, or back to its beginning, without saying anything. */
  setOpened(opened: boolean): void {
    this.#at = 0;
    if (opened) this.advance({ send: () => undefined, write: () => undefined });
  }

  #awaitedFrom(start: number): readonly ClientStep[] {
    const rest = this.steps.slice(start);
    const end = rest.findIndex((step) => !isClientStep(step));
    const next = end === -1 ? rest : rest.slice(0, end);
    return next.filter(isClientStep).filter((step) => !this.#progress.isSaid(step));
  }

  #afterFarewell(): number {
    let at = this.#at;
    for (;;) {
      const step = this.steps[at];
      const isSkipped =
        step !== undefined && isClientStep(step) && (step.duty === "farewell" || this.#reopens(step, at));
      if (!isSkipped) return at;
      const next = this.steps.findIndex((later, index) => index > at && isClientStep(later));
      at = next === -1 ? this.steps.length : next;
    }
  }

  /** A thread that was let go is resumed before it is used again. */
  #reopens({ method }: ClientStep, at: number): boolean {
    return method === "thread/resume" && at > this.#at;
  }

  #renaming(port: ReplayPort): ReplayPort {
    if (this.clientId === this.recordedId) return port;
    const rename = (text: string): string => text.replaceAll(this.recordedId, this.clientId);
    return {
      send: (message) => port.send(respell(message, rename)),
      write: (stream, text) => port.write(stream, rename(text)),
    };
  }
}

function isClientStep(step: Step): step is ClientStep {
  return step.type === "request" || step.type === "answer";
}
