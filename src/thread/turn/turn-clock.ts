export interface TurnLimits {
  readonly timeoutMs: number | null;
  readonly idleTimeoutMs: number | null;
}

/** The two time limits of a turn: one for the whole turn, one for silence, which pauses while work is in progress. */
export class TurnClock {
  readonly #limits: TurnLimits;
  readonly #onExpire: (limit: "timeoutMs" | "idleTimeoutMs", milliseconds: number) => void;
  #whole: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;
  #running = false;

  constructor(limits: TurnLimits, onExpire: (limit: "timeoutMs" | "idleTimeoutMs", milliseconds: number) => void) {
    this.#limits = limits;
    this.#onExpire = onExpire;
  }

  start(): void {
    const { timeoutMs } = this.#limits;
    this.#running = true;
    if (timeoutMs !== null)
      this.#whole = setTimeout(() => {
        this.#onExpire("timeoutMs", timeoutMs);
      }, timeoutMs);
    this.touch(false);
  }

  /** Restarts the idle limit, or pauses it if `busy` is set: while a command or a tool runs, or an answer is pending. */
  touch(busy: boolean): void {
    const { idleTimeoutMs } = this.#limits;
    if (idleTimeoutMs === null || !this.#running) return;
    if (this.#idle !== null && !busy) {
      this.#idle.refresh();
      return;
    }
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = busy
      ? null
      : setTimeout(() => {
          this.#onExpire("idleTimeoutMs", idleTimeoutMs);
        }, idleTimeoutMs);
  }

  stop(): void {
    this.#running = false;
    if (this.#whole !== null) clearTimeout(this.#whole);
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#whole = null;
    this.#idle = null;
  }
}
