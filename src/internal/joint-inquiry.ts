import { ClientClosedError } from "../errors/client-closed-error.js";
import { untilAborted } from "./with-deadline.js";

interface Inquiry<T> {
  readonly answer: Promise<T>;
  readonly giveUp: AbortController;
  answered: boolean;
  value: T | undefined;
  waiting: number;
}

export interface JointInquiryOptions {
  /** It goes on also when nobody waits for it any more, for whoever asks next. Default: false, it is given up. */
  readonly lasting?: boolean;
}

/** Finds out once what many ask for. A failure concerns those who waited, and whoever asks next tries again. */
export class JointInquiry<T> {
  readonly #inquire: (signal: AbortSignal) => Promise<T>;
  readonly #lasting: boolean;
  readonly #underWay = new Set<Promise<unknown>>();
  #current: Inquiry<T> | null = null;
  #closed = false;

  constructor(inquire: (signal: AbortSignal) => Promise<T>, { lasting = false }: JointInquiryOptions = {}) {
    this.#inquire = inquire;
    this.#lasting = lasting;
  }

  async ask(signal?: AbortSignal): Promise<T> {
    if (this.#closed) throw new ClientClosedError();
    const inquiry = (this.#current ??= this.#start());
    inquiry.waiting += 1;
    try {
      return await untilAborted(inquiry.answer, signal);
    } finally {
      inquiry.waiting -= 1;
      if (inquiry.waiting === 0 && !inquiry.answered && !this.#lasting) this.#drop(inquiry);
    }
  }

  /** What was answered holds no longer: whoever asks from now on has it found anew. Nothing, where that is so already. */
  forget(answer: T): void {
    if (this.#current?.answered === true && this.#current.value === answer) this.#current = null;
  }

  /** Ends what is under way. Idempotent. */
  async close(): Promise<void> {
    this.#closed = true;
    if (this.#current !== null) this.#drop(this.#current);
    await Promise.allSettled(this.#underWay);
  }

  #start(): Inquiry<T> {
    const giveUp = new AbortController();
    const answer = this.#inquire(giveUp.signal);
    const inquiry: Inquiry<T> = { answer, giveUp, answered: false, value: undefined, waiting: 0 };
    this.#underWay.add(answer);
    answer.then(
      (value) => {
        inquiry.answered = true;
        inquiry.value = value;
        this.#underWay.delete(answer);
      },
      () => {
        this.#underWay.delete(answer);
        this.#drop(inquiry);
      },
    );
    return inquiry;
  }

  #drop(inquiry: Inquiry<T>): void {
    if (this.#current === inquiry) this.#current = null;
    inquiry.giveUp.abort(this.#closed ? new ClientClosedError() : undefined);
  }
}
