import type { CodexError } from "../../errors/codex-error.js";
import type { ThreadEvent } from "../../protocol/index.js";
import type { TurnInputPart } from "../../transport/transport.js";
import type { EventStream } from "../stream/event-stream.js";
import type { TurnSummary } from "./reduce-turn.js";
import type { PartialTurnResult, Stop } from "./turn-result.js";

/** A caller of a turn: the one that started it, or one that joined it (`whenBusy: "steer"`). */
export interface Participant {
  readonly stream: EventStream;
  /** Called after each batch of events, and whenever `busy` changes: a command or a tool runs, or an answer is pending. */
  touch(busy: boolean): void;
  /** Called once, at the end of the turn, unless the participant has left before. */
  end(end: TurnEnd): void;
}

/** The end of a turn. */
export interface TurnEnd {
  /** The reason why the turn has no terminal event; null if it has one. */
  readonly error: CodexError | null;
  /** The reason why codexkit ended the turn; null if it did not. */
  readonly stop: Stop | null;
}

/** A turn as its participants use it. It lives while one of them wants it. */
export interface ActiveTurn {
  readonly summary: TurnSummary;
  /** Resolves when codex works on the turn, or if the turn ends before that. */
  readonly running: Promise<undefined>;
  readonly done: Promise<TurnEnd>;
  /** Adds a participant that waits: its events are held back until `admit()`, and it does not keep the turn alive. */
  open(participant: Participant): Participation;
  /** Makes the turn live for the participant, too. Returns false if the turn is ending or has ended. */
  want(part: Participation): boolean;
  /**
   * Removes a participant that leaves for the reason `stop`. Returns true if the turn continues without it. If no other
   * participant wants the turn, it ends, also for the participant.
   */
  leave(part: Participation, stop: Stop): boolean;
  steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void>;
  /** Ends the turn for all participants. Resolves after its end. */
  interrupt(): Promise<void>;
  toResult(durationMs: number): PartialTurnResult;
}

/** The participants of one turn. */
export class Participants {
  readonly #parts = new Set<Participation>();

  add(participant: Participant): Participation {
    const part = new Participation(participant);
    this.#parts.add(part);
    return part;
  }

  remove(part: Participation): void {
    this.#parts.delete(part);
  }

  /** Whether a participant other than this one wants the turn. */
  wantedWithout(part: Participation): boolean {
    for (const other of this.#parts) if (other !== part && other.wants) return true;
    return false;
  }

  push(events: readonly ThreadEvent[]): void {
    for (const part of this.#parts) part.push(events);
  }

  touch(busy: boolean): void {
    for (const part of this.#parts) part.touch(busy);
  }

  /** Makes the turn independent of its readers from now on. */
  stopWaiting(): void {
    for (const part of this.#parts) part.stopWaiting();
  }

  end(end: TurnEnd): void {
    for (const part of [...this.#parts]) part.end(end);
    this.#parts.clear();
  }
}

/** The part of one participant in a turn. */
export class Participation {
  /** The participant keeps the turn alive. */
  wants = false;
  readonly #participant: Participant;
  /** The events until codex has accepted the participant's input; null from then on. */
  #held: ThreadEvent[] | null = [];
  /** The end of the turn, if it came before that. */
  #end: TurnEnd | null = null;

  constructor(participant: Participant) {
    this.#participant = participant;
  }

  /** Passes the events to the participant: those so far, and later ones as they arrive. */
  admit(): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.#participant.stream.push(held);
    if (this.#end !== null) this.#participant.end(this.#end);
  }

  push(events: readonly ThreadEvent[]): void {
    if (this.#held === null) this.#participant.stream.push(events);
    else this.#held.push(...events);
  }

  touch(busy: boolean): void {
    if (this.#held === null) this.#participant.touch(busy);
  }

  stopWaiting(): void {
    this.#participant.stream.stopWaiting();
  }

  end(end: TurnEnd): void {
    if (this.#held === null) this.#participant.end(end);
    else this.#end = end;
  }
}
