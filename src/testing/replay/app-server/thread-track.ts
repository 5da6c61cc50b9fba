import type { ClientStep, Step } from "./recorded-steps.js";
import type { ReplayPort, ReplayProgress } from "./replay-progress.js";
import { respell } from "../spelling.js";

/** Plays the steps of one thread in order. A message of the server waits for all earlier steps of the client. */
export class ThreadTrack {
  /** The thread's id in the recording. */
  readonly recordedId: string;
  /** The id that the client uses. It differs from `recordedId` if two threads with equal openings were swapped. */
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

  /** True if the client has sent nothing in this thread except its opening. */
  get isFresh(): boolean {
    return !this.clientSteps.slice(1).some((step) => this.#progress.isTaken(step));
  }

  /** The client's steps that may be taken now: all up to the server's next message. */
  get awaited(): readonly ClientStep[] {
    return this.#awaitedFrom(this.#at);
  }

  /** The client's steps that may be taken if it does not unsubscribe as recorded, or has not unsubscribed yet. */
  get awaitedLater(): readonly ClientStep[] {
    return this.#awaitedFrom(this.#afterUnsubscribe());
  }

  /** Skips the recorded unsubscribe request and the following resume request. */
  skipUnsubscribe(): void {
    const end = this.#afterUnsubscribe();
    for (const step of this.steps.slice(this.#at, end)) if (isClientStep(step)) this.#progress.drop(step);
    this.#at = end;
  }

  /** Plays all steps up to the next one that the client has not taken. */
  advance(port: ReplayPort): void {
    for (let step = this.steps[this.#at]; step !== undefined; step = this.steps[this.#at]) {
      if (isClientStep(step)) {
        if (!this.#progress.isTaken(step)) return;
      } else this.#progress.deliver(step, this.#renaming(port));
      this.#at += 1;
    }
  }

  /** Moves to the point after the opening's answer, or back to the beginning, without any output. */
  setOpened(opened: boolean): void {
    this.#at = 0;
    if (opened) this.advance({ send: () => undefined, write: () => undefined });
  }

  #awaitedFrom(start: number): readonly ClientStep[] {
    const rest = this.steps.slice(start);
    const end = rest.findIndex((step) => !isClientStep(step));
    const next = end === -1 ? rest : rest.slice(0, end);
    return next.filter(isClientStep).filter((step) => !this.#progress.isTaken(step));
  }

  #afterUnsubscribe(): number {
    let at = this.#at;
    for (;;) {
      const step = this.steps[at];
      const isSkipped =
        step !== undefined && isClientStep(step) && (step.duty === "unsubscribe" || this.#reopens(step, at));
      if (!isSkipped) return at;
      const next = this.steps.findIndex((later, index) => index > at && isClientStep(later));
      at = next === -1 ? this.steps.length : next;
    }
  }

  /** True for the request that resumes the thread after it was unsubscribed. */
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
