import { Codex, type ThreadEvent, type TurnOptions } from "../../../../src/index.js";
import { createMemoryTransport, type MemoryTransport } from "../../../../src/testing/index.js";
import type { Input } from "../../../../src/thread/turn/turn-input.js";
import type { OutputOf, OutputSchema } from "../../../../src/thread/output/output-schema.js";
import type { AutoRun } from "../../../../src/thread/auto-run/auto-run.js";
import type { AutoRunThread } from "../../../../src/thread/auto-run/auto-run-thread.js";
import { type AutoRunSetup, createAutoRun } from "../../../../src/thread/auto-run/create-auto-run.js";
import type { RunClock } from "../../../../src/thread/auto-run/run-clock.js";
import type { RunStart } from "../../../../src/thread/auto-run/run-start.js";

/** A real thread on the in-memory transport, with a clock that does not run. */
export interface RunStand extends AsyncDisposable {
  readonly transport: MemoryTransport;
  readonly thread: AutoRunThread;
  /** What each turn was handed for the host's tools. */
  readonly handed: readonly Handed[];
  /** The waits so far, in milliseconds. */
  readonly sleeps: readonly number[];
  /** What each turn was given, as the model saw it last. */
  readonly prompts: () => string[];
  run<S extends OutputSchema = never, C = unknown>(
    input: Input,
    options?: AutoRunSetup<S, C>,
    more?: Partial<AutoRunThread>,
  ): AutoRun<OutputOf<S>>;
  start<S extends OutputSchema = never, C = unknown>(
    start: RunStart,
    options?: AutoRunSetup<S, C>,
    more?: Partial<AutoRunThread>,
  ): AutoRun<OutputOf<S>>;
}

/** What a turn is told for its tools. */
export interface Handed {
  readonly attempt: number;
  readonly context: unknown;
}

export interface RunStandOptions {
  readonly clock?: Partial<RunClock>;
}

export function openRunStand(
  steps: Parameters<typeof createMemoryTransport>[0],
  { clock = {} }: RunStandOptions = {},
): RunStand {
  const transport = createMemoryTransport(steps);
  const codex = new Codex({ transport });
  const thread = codex.startThread({ skipGitRepoCheck: true });
  const handed: Handed[] = [];
  const sleeps: number[] = [];
  const port: AutoRunThread = {
    get id() {
      return thread.id;
    },
    openTurn: (input: Input, options: TurnOptions, attempt: number) => {
      const turn = thread.runStreamed(input, options);
      handed.push({ attempt, context: options.context });
      return turn;
    },
    toState: () => (thread.id === null ? null : thread.toJSON()),
  };
  const still: RunClock = {
    now: () => Date.UTC(2026, 0, 1),
    random: () => 0.5,
    sleep: (milliseconds) => {
      sleeps.push(milliseconds);
      return Promise.resolve();
    },
    ...clock,
  };
  const start: RunStand["start"] = (at, options = {}, more = {}) =>
    createAutoRun({ thread: withMore(port, more), start: at, clock: still }, options);
  return {
    transport,
    thread: port,
    handed,
    sleeps,
    prompts: () => transport.modelRequests.map(({ userTexts }) => userTexts.at(-1) ?? ""),
    start,
    run: (input, options, more) => start({ kind: "input", input }, options, more),
    [Symbol.asyncDispose]: () => codex.close(),
  };
}

function withMore(port: AutoRunThread, more: Partial<AutoRunThread>): AutoRunThread {
  return {
    get id() {
      return port.id;
    },
    openTurn: port.openTurn,
    toState: port.toState,
    ...more,
  };
}

export async function collect(events: AsyncIterable<ThreadEvent>): Promise<ThreadEvent[]> {
  const all: ThreadEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** The error that a promise rejects with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  throw new Error("It did not reject.");
}
