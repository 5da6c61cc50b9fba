import type {
  Codex,
  Thread,
  ThreadEvent,
  ThreadStartOptions,
  TransportName,
  Turn,
  TurnOptions,
  TurnResult,
} from "../../src/index.js";

/** The surroundings of a scenario: codex while it is recorded, the recording while it is replayed. */
export interface Stage {
  readonly transport: TransportName;
  /** The client; `reopen()` replaces it. */
  readonly codex: Codex;
  /** Starts a thread with the settings of every scenario. */
  startThread(options?: ThreadStartOptions): Thread;
  /** Runs one turn to any end. The outcome is recorded, never thrown. */
  turn(thread: Thread, prompt: string, move?: TurnMove): Promise<void>;
  /** Closes the client and opens a new one, as another process would. */
  reopen(): Promise<void>;
  /** Kills the most recently started codex process, as `kill -9` does. */
  kill(): void;
  /** Resolves when the app-server has sent this notification `count` times. */
  notified(method: string, count?: number): Promise<void>;
}

/** The actions on a turn. */
export interface TurnMove {
  readonly options?: TurnOptions;
  /** The event at which `act` is called, once. */
  readonly at?: (event: ThreadEvent) => boolean;
  readonly act?: (turn: Turn<unknown>, abort: AbortController) => Promise<void> | void;
}

/** The outcome of a turn. */
export interface TurnOutcome {
  readonly prompt: string;
  /** Undefined if the turn was driven by `run()`. */
  readonly events: readonly ThreadEvent[] | undefined;
  readonly result: TurnResult | undefined;
  readonly error: unknown;
}

export interface StageOptions {
  readonly transport: TransportName;
  readonly workTree: string;
  readonly open: () => Codex;
  readonly kill: () => void;
  readonly notified: Stage["notified"];
  /** True if a turn without actions is read event by event, false if `run()` drives it. Default: true. */
  readonly watch?: boolean;
}

export interface OpenStage extends Stage, AsyncDisposable {
  readonly outcomes: readonly TurnOutcome[];
}

/** The limit of every turn of a scenario, sufficient on a busy machine. */
const turnTimeoutMs = 60_000;

export function createStage({ transport, workTree, open, kill, notified, watch = true }: StageOptions): OpenStage {
  const outcomes: TurnOutcome[] = [];
  let codex = open();
  return {
    transport,
    outcomes,
    kill,
    notified,
    get codex() {
      return codex;
    },
    startThread: (options = {}) => codex.startThread({ workingDirectory: workTree, model: "gpt-5.5", ...options }),
    async turn(thread, prompt, move = {}) {
      const isWatched = watch || move.act !== undefined;
      outcomes.push(isWatched ? await watchTurn(thread, prompt, move) : await runTurn(thread, prompt, move));
    },
    async reopen() {
      await codex.close();
      codex = open();
    },
    [Symbol.asyncDispose]: () => codex.close(),
  };
}

async function runTurn(thread: Thread, prompt: string, { options = {} }: TurnMove): Promise<TurnOutcome> {
  try {
    const result = await thread.run(prompt, { timeoutMs: turnTimeoutMs, ...options });
    return { prompt, events: undefined, result, error: undefined };
  } catch (error) {
    return { prompt, events: undefined, result: undefined, error };
  }
}

async function watchTurn(thread: Thread, prompt: string, { options = {}, at, act }: TurnMove): Promise<TurnOutcome> {
  const abort = new AbortController();
  const turn = thread.runStreamed(prompt, { timeoutMs: turnTimeoutMs, signal: abort.signal, ...options });
  const events: ThreadEvent[] = [];
  let action: Promise<void> | undefined;
  try {
    for await (const event of turn) {
      events.push(event);
      if (action === undefined && act !== undefined && at?.(event) === true) action = Promise.resolve(act(turn, abort));
    }
    await action;
    return { prompt, events, result: await turn.result(), error: undefined };
  } catch (error) {
    return { prompt, events, result: undefined, error };
  }
}
