import { clearTimeout, setImmediate, setTimeout } from "node:timers";
export interface TurnLimits {
  readonly timeoutMs: number | null;
  readonly idleTimeoutMs: number | null;
}

/**
 * The two time limits of a turn: one for the whole turn, one for silence, which pauses while work is in progress. Only
 * time in which the host program could read counts as silence: if it blocked its event loop or was stopped, the limit is
 * extended by the time that the timer was late, and the output of codex is read before the limit applies.
 */
export class TurnClock {
  readonly #limits: TurnLimits;
  readonly #onExpire: (limit: "timeoutMs" | "idleTimeoutMs", milliseconds: number) => void;
  #whole: NodeJS.Timeout | null = null;
  #idle: NodeJS.Timeout | null = null;
  /** The end of the time that the limit for silence is extended by. */
  #extended: NodeJS.Timeout | null = null;
  /** The time of the last event, from `performance.now()`. */
  #silentSince = 0;
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
    this.#silentSince = performance.now();
    if (this.#idle !== null && !busy) {
      this.#idle.refresh();
      return;
    }
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = busy
      ? null
      : setTimeout(() => {
          this.#judgeSilence(idleTimeoutMs);
        }, idleTimeoutMs);
  }

  stop(): void {
    this.#running = false;
    if (this.#whole !== null) clearTimeout(this.#whole);
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#extended !== null) clearTimeout(this.#extended);
    this.#whole = null;
    this.#idle = null;
    this.#extended = null;
  }

  /** Expires the limit for silence unless an event arrives first that has waited for the host program. */
  #judgeSilence(idleTimeoutMs: number): void {
    const since = this.#silentSince;
    const lateMs = Math.max(0, performance.now() - since - idleTimeoutMs);
    // The event loop reads what waits in the pipe before it calls immediates.
    const judge = (): void =>
      void setImmediate(() => {
        if (this.#running && this.#silentSince === since) this.#onExpire("idleTimeoutMs", idleTimeoutMs);
      });
    if (lateMs < 1) judge();
    else this.#extended = setTimeout(judge, lateMs);
  }
}
