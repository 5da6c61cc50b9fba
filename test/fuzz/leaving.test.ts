import fc from "fast-check";
import { describe, expect } from "vitest";
import { Codex, CodexError, type Thread, type TurnResult } from "../../src/index.js";
import { type RecordedTurn, RecordingTransport } from "../unit/client/recording-transport.js";
import { ended, finish, message, started } from "../unit/thread/events.js";
import { fuzz } from "./fuzz.js";

const threadId = "01a2b3c4-0000-7000-8000-000000000000";

/** Ways to leave a turn. Each one ends the part of the caller, and nothing else. */
const ways = ["abort", "dispose", "break", "close"] as const;
type Way = (typeof ways)[number];

/** A step of the program, and whether codexkit may work before the next one. */
const step = fc.record({
  step: fc.oneof(
    { weight: 4, arbitrary: fc.record({ kind: fc.constant("join" as const), handle: fc.nat(2) }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant("leave" as const), caller: fc.nat(), way: fc.constantFrom(...ways) }),
    },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant("work" as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant("end" as const) }) },
  ),
  pause: fc.boolean(),
});

/** The codes of the errors that a caller may get after it has left. */
const endings: Readonly<Record<Way, string>> = {
  abort: "ABORTED",
  dispose: "interrupted",
  break: "interrupted",
  close: "CLIENT_CLOSED",
};

describe("[L6] callers that join a turn and leave it", () => {
  fuzz(
    "a caller that stays gets the full answer, one that leaves its own ending, and a turn that no caller wants ends",
    60,
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 16 }), fc.boolean(), async (steps, allLeave) => {
      const program = new Program();
      program.join(0);
      for (const { step: each, pause } of steps) {
        if (pause) await program.settle();
        if (each.kind === "join") program.join(each.handle);
        else if (each.kind === "leave") program.leave(each.caller, each.way);
        else if (each.kind === "work") program.work();
        else program.end();
      }
      if (allLeave) {
        program.leaveAll();
        await program.settle();
        expect(program.living).toEqual([]);
      }
      await program.finish();
      for (const { left, result } of program.callers) {
        const outcome = await result;
        const stayed =
          typeof outcome === "object" && outcome.status === "completed" && outcome.finalResponse === "done";
        const allowed =
          left === null ? stayed : stayed || (typeof outcome === "string" ? outcome : outcome.status) === endings[left];
        expect(allowed, JSON.stringify({ left, outcome, steps })).toBe(true);
      }
      await program.codex.close();
    }),
  );
});

interface Caller {
  readonly handle: Thread;
  readonly leaveBy: (way: Way) => void;
  left: Way | null;
  /** The result, or the code of the error. */
  readonly result: Promise<TurnResult | string>;
  settled: boolean;
}

/** A program whose callers share one thread, and the codex that it talks to. */
class Program {
  readonly callers: Caller[] = [];
  readonly #transport = new RecordingTransport();
  readonly codex = new Codex({ transport: this.#transport });
  readonly #handles: Thread[] = [];
  readonly #begun = new Set<RecordedTurn>();
  readonly #over = new Set<RecordedTurn>();

  /** The turns that codex works on. */
  get living(): readonly RecordedTurn[] {
    return this.#transport.turns.filter((turn) => !this.#over.has(turn) && !turn.closed.settled);
  }

  join(at: number): void {
    const handle = (this.#handles[at] ??= this.codex.resumeThread(threadId, { skipGitRepoCheck: true }));
    const abort = new AbortController();
    const turn = handle.runStreamed("more", { whenBusy: "steer", signal: abort.signal });
    const reader = turn[Symbol.asyncIterator]();
    const read = async (): Promise<void> => {
      for (let next = await reader.next(); next.done !== true; next = await reader.next());
    };
    void read().catch(() => undefined);
    const result = turn.result().catch((error: unknown) => (CodexError.isInstance(error) ? error.code : String(error)));
    const caller: Caller = {
      handle,
      left: null,
      settled: false,
      result,
      leaveBy: (way) => {
        if (way === "abort") abort.abort("enough");
        else if (way === "dispose") void turn[Symbol.asyncDispose]();
        else if (way === "break") void reader.return?.();
        else void handle.close();
      },
    };
    void result.then(() => (caller.settled = true));
    this.callers.push(caller);
  }

  leave(at: number, way: Way): void {
    const present = this.callers.filter(({ left, settled }) => left === null && !settled);
    const caller = present[at % Math.max(1, present.length)];
    if (caller === undefined) return;
    const closing = way === "close" ? present.filter(({ handle }) => handle === caller.handle) : [caller];
    for (const each of closing) each.left = way;
    if (way === "close") this.#handles.splice(this.#handles.indexOf(caller.handle), 1);
    caller.leaveBy(way);
  }

  leaveAll(): void {
    for (let at = 0; this.callers.some(({ left, settled }) => left === null && !settled); at += 1) {
      this.leave(at, ways[at % ways.length] ?? "abort");
    }
  }

  work(): void {
    for (const turn of this.living) this.#begin(turn).say(finish(message("m", "half")));
  }

  end(): void {
    for (const turn of this.living) {
      this.#begin(turn).say(finish(message("m", "done")), ended());
      this.#over.add(turn);
    }
  }

  /** Ends turns until every caller has its result. */
  async finish(): Promise<void> {
    for (let round = 0; round < 100 && this.callers.some(({ settled }) => !settled); round += 1) {
      await this.settle();
      this.end();
    }
  }

  async settle(): Promise<void> {
    for (let tick = 0; tick < 6; tick += 1) await new Promise(setImmediate);
  }

  #begin(turn: RecordedTurn): RecordedTurn {
    if (!this.#begun.has(turn)) turn.say(started());
    this.#begun.add(turn);
    return turn;
  }
}
