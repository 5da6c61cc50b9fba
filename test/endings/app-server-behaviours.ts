import { deaths, type Ending } from "./run-case.js";

/** The outcome of a turn: its status, or the code of the error that it rejected with. */
export type Verdict = string;

/** One behaviour of the server of `test/agents/hostile-server/`. */
export interface Behaviour {
  /** The value of HOSTILE for the server. */
  readonly hostile: string;
  /** Follows "on the app-server, a codex that". */
  readonly says: string;
  readonly endings: readonly Ending[];
  /** The outcome of a turn that is not ended from outside. */
  readonly run: Verdict;
  /** Whether the turn still runs when it is ended. "no": it has failed by then; "perhaps": it may have failed. */
  readonly lives: "yes" | "no" | "perhaps";
  /** The bound that ends an endless turn. */
  readonly timeoutMs?: number;
  /**
   * The number of processes after a further turn on the same thread. That turn completes if `once` is set or only one
   * process was started; otherwise it has the same outcome.
   */
  readonly again?: number | "perhaps 2";
  /** Whether only the first process is hostile. */
  readonly once?: boolean;
  readonly promptLength?: number;
  /** Whether the thread is a resumed one. */
  readonly resumes?: boolean;
}

const byTheReader = ["break", "throw", "return"] as const;
const amid = [
  "abort-during",
  "timeout",
  "idle-timeout",
  "interrupt",
  "close-thread",
  "close-client",
  "all-at-once",
] as const;
const deathsAbroad: readonly Ending[] = ["exit", "SIGTERM", "SIGKILL"];

const once: readonly Ending[] = ["run"];
const few: readonly Ending[] = ["run", "throw", "abort-during", "close-client", "SIGKILL"];
const many: readonly Ending[] = ["run", "leave", ...byTheReader, ...amid, ...deathsAbroad];
const every: readonly Ending[] = [
  ...many,
  ...deaths.filter((death) => !deathsAbroad.includes(death)),
  "break-and-abort",
  "abort-before",
  "abort-at-spawn",
  "abort-after",
];
const isHeard = (ending: Ending): boolean => ending !== "break" && ending !== "throw";
/** Endings on a server that sends no event at which a reader could stop. */
const eventless = { few: few.filter(isHeard), many: many.filter(isHeard) };

const endless = { run: "TURN_TIMEOUT", timeoutMs: 600 } as const;
/** The same process runs a further turn. */
const stays = { again: 1 } as const;
/** A second, sound process runs a further turn. */
const renewed = { again: 2, once: true } as const;
/** A second process, with the same behaviour, runs a further turn. */
const hopeless = { again: 2 } as const;
const lineKinds = "garbage ansi null number batch empty bytes separator proto deep huge endless".split(" ");
const starting = ["initialize", "thread/start", "thread/resume", "turn/start"] as const;
const ending = ["turn/interrupt", "thread/backgroundTerminals/clean"] as const;

function on(hostile: string, says: string, more: Partial<Behaviour> = {}): Behaviour {
  return {
    hostile,
    says,
    endings: few,
    run: "completed",
    lives: "yes",
    resumes: hostile.includes("thread/resume"),
    ...more,
  };
}

/** Every behaviour runs at least with the ending `run`. The representatives of their kind have many endings, or all. */
export const behaviours: readonly Behaviour[] = [
  on("", "behaves", { endings: every, ...stays }),
  on("stubborn", "only SIGKILL ends", { endings: every, ...stays }),

  on("silent initialize", "never answers initialize", { endings: eventless.many, ...endless }),
  on("silent thread/start", "never answers thread/start", { endings: eventless.many, ...endless }),
  on("silent thread/resume", "never answers thread/resume", { endings: eventless.few, ...endless }),
  on("silent turn/start", "never answers turn/start", { endings: eventless.many, ...endless, ...renewed }),
  on("silent turn/interrupt", "never answers turn/interrupt", { endings: many, ...renewed }),
  on("silent thread/backgroundTerminals/clean", "never cleans", { endings: many, ...stays }),
  on("silent thread/unsubscribe", "never lets go", { endings: ["run", "close-thread", "close-client", "SIGKILL"] }),
  on("silent any", "never answers", { endings: eventless.many, ...endless }),
  on("mute turn/start", "sends the events of a turn whose start it does not answer", { endings: many, ...stays }),
  on("lies turn/interrupt", "answers that it has interrupted", { ...renewed }),
  on("renames turn/start", "gives a turn another id than its events", { ...endless }),
  on("renames thread/resume", "resumes another thread", {
    endings: once,
    run: "PROTOCOL_ERROR",
    lives: "no",
    timeoutMs: 3_000,
  }),
  on("mute turn/interrupt", "interrupts, and does not answer", { endings: many, ...stays }),
  ...[...starting, ...ending].flatMap((method) => [
    on(`late ${method}`, `answers ${method} late`, { endings: method === "turn/start" ? many : few, ...stays }),
    on(`twice ${method}`, `answers ${method} twice`, { endings: method === "turn/start" ? many : few, ...stays }),
  ]),
  ...["number", "string", "null", "object", "negative"].flatMap((kind) => [
    on(`wrongId initialize ${kind}`, `greets with a wrong id (${kind})`, { endings: once, ...endless }),
    on(`wrongId thread/start ${kind}`, `answers thread/start with a wrong id (${kind})`, { endings: once, ...endless }),
    on(`wrongId turn/start ${kind}`, `answers turn/start with a wrong id (${kind})`, { endings: few, ...stays }),
    on(`wrongId turn/interrupt ${kind}`, `answers turn/interrupt with a wrong id (${kind})`, {
      endings: ["interrupt"],
      ...stays,
    }),
  ]),
  ...starting.flatMap((method) => {
    const failed = { lives: "no", endings: method === "turn/start" ? eventless.few : once } as const;
    return [
      // If the answer to turn/start is malformed, the turn continues by its events.
      ...(method === "turn/start"
        ? [
            on(`empty ${method}`, `answers ${method} with nothing`, stays),
            on(`unreadable ${method}`, `answers ${method} unreadably`, stays),
          ]
        : [
            on(`empty ${method}`, `answers ${method} with nothing`, { run: "PROTOCOL_ERROR", ...failed }),
            on(`unreadable ${method}`, `answers ${method} unreadably`, { run: "PROTOCOL_ERROR", ...failed }),
          ]),
      on(`bareError ${method}`, `refuses ${method} without a message`, { run: "RPC_ERROR", ...failed }),
    ];
  }),
  ...ending.flatMap((method) => [
    on(`empty ${method}`, `answers ${method} with nothing`, { endings: ["interrupt"], ...stays }),
    on(`bareError ${method}`, `refuses ${method} without a message`, { endings: ["interrupt"] }),
  ]),

  ...["0", "9", "SIGKILL"].flatMap((how) => {
    const dies = how === "SIGKILL" ? "is killed" : `exits with ${how}`;
    const early = { endings: how === "9" ? eventless.many : eventless.few, lives: "no", ...renewed } as const;
    const late = { endings: how === "9" ? many : few, ...renewed };
    return [
      on(`die start ${how}`, `${dies} at its start`, { run: "PROCESS_EXITED", ...early }),
      on(`die initialize ${how}`, `${dies} at initialize`, { run: "PROCESS_EXITED", ...early }),
      on(`die thread/start ${how}`, `${dies} at thread/start`, { run: "PROCESS_EXITED", ...early }),
      on(`die thread/resume ${how}`, `${dies} at thread/resume`, { run: "PROCESS_EXITED", ...early, endings: once }),
      on(`die turn/start ${how}`, `${dies} before it answers turn/start`, { run: "PROCESS_EXITED", ...early }),
      on(`die amid ${how}`, `${dies} amid the turn`, { run: "PROCESS_EXITED", ...late, lives: "perhaps" }),
      on(`die turn/interrupt ${how}`, `${dies} at turn/interrupt`, { ...late, endings: ["interrupt", "abort-during"] }),
      // A turn that starts at once reaches the dying process.
      on(`die ended ${how}`, `${dies} after the turn`, { ...late, again: "perhaps 2" }),
    ];
  }),
  on("die after:initialize 9", "exits once it has greeted", {
    endings: eventless.few,
    run: "PROCESS_EXITED",
    lives: "no",
    ...renewed,
  }),
  on("die after:initialize 9", "exits whenever it has greeted", {
    endings: once,
    run: "PROCESS_EXITED",
    lives: "no",
    ...hopeless,
  }),
  on("die start 9", "exits at every start", { endings: once, run: "PROCESS_EXITED", lives: "no", ...hopeless }),
  on("die amid 9", "exits amid every turn", { endings: once, run: "PROCESS_EXITED", lives: "no", ...hopeless }),

  ...lineKinds.flatMap((kind) =>
    ["first", "before", "amid"].map((when) =>
      on(`line ${kind} ${when}`, `writes another line (${kind}, ${when})`, { endings: once, ...stays }),
    ),
  ),
  on("line all first", "begins with all that is no message", stays),
  on("line all before", "writes every kind of invalid line before the turn", stays),
  on("line all amid", "writes every kind of invalid line amid the turn", { endings: many, ...stays }),
  on("line half first", "writes half a line and exits", {
    endings: eventless.few,
    run: "PROCESS_EXITED",
    lives: "no",
    ...renewed,
  }),
  on("line half before", "exits amid a line before the turn", {
    endings: eventless.few,
    run: "PROCESS_EXITED",
    lives: "no",
  }),
  on("line half amid", "exits amid a line", { run: "PROCESS_EXITED", lives: "perhaps", ...renewed }),
  ...Object.entries({ delta: "the turn", unknown: "its thread", foreign: "another thread" }).flatMap(([kind, what]) => [
    on(`flood ${kind} 100000`, `floods ${what}`, { endings: once, ...stays }),
    on(`flood ${kind} 20000`, `floods ${what}`, { endings: kind === "delta" ? many : few, ...stays }),
  ]),
  on("chatter 50", "floods its error output", { endings: few, ...stays }),

  on("closes stdin first", "never reads its input", { endings: eventless.many, ...endless }),
  on("closes stdout first", "closes its output at once", {
    endings: eventless.many,
    run: "TRANSPORT_CLOSED",
    lives: "perhaps",
    ...renewed,
  }),
  on("closes stdin amid", "closes its input amid the turn", { endings: many, ...endless, ...renewed }),
  on("closes stdout amid", "closes its output amid the turn", { endings: many, run: "PROCESS_EXITED", ...renewed }),
  on("leaves daemon", "leaves a daemon"),
  on("leaves deaf", "leaves a daemon that ignores signals", { endings: every }),
  on("leaves holder", "leaves a process that holds its output", { endings: many }),
  on("leaves heir", "leaves all its pipes to a daemon", { run: "PROCESS_EXITED", lives: "perhaps", ...renewed }),
  on("pauses thread/start", "reads no more than half of a prompt", {
    endings: eventless.many,
    promptLength: 1_000_000,
    ...endless,
  }),
  on("die after:thread/start 9", "exits amid a prompt", {
    endings: eventless.many,
    promptLength: 1_000_000,
    run: "PROCESS_EXITED",
    lives: "no",
    ...renewed,
  }),
  on("freezes initialize", "is stopped at initialize", { endings: eventless.few, ...endless }),
  on("freezes turn/start", "is stopped at turn/start", { endings: eventless.few, ...endless, ...renewed }),
  on("freezes amid", "is stopped amid the turn", { endings: many, ...endless, ...renewed }),
  on("rants", "writes a lot when it is asked to end", { endings: few }),

  on("overtaking", "sends all events of a turn before it answers", { endings: many, ...stays }),
  on("endsTwice", "ends the turn twice", { endings: many, ...stays }),
  on("endsAnother thread", "ends the turn of another thread", { endings: few, ...stays }),
  on("endsAnother turn", "ends another turn of the thread", { endings: few, ...stays }),
  on("endsAs inProgress", "ends a turn that is in progress", { endings: once, run: "TURN_FAILED" }),
  on("endsAs exploded", "ends a turn with an unknown status", { endings: once, run: "TURN_FAILED" }),
  on("endsAs failed", "fails a turn without an error", { endings: once, run: "TURN_FAILED" }),
  on("endsAs interrupted", "interrupts a turn by itself", { endings: once, run: "interrupted" }),
  on("unloads loaded", "closes every thread it has loaded", stays),
  on("unloads amid", "closes the thread amid its turn", { run: "THREAD_NOT_FOUND", lives: "perhaps" }),
  ...starting.map((method) =>
    on(`refuses ${method} -32600`, `refuses ${method} with a retryable error`, {
      endings: once,
      run: "RPC_ERROR",
      lives: "no",
    }),
  ),
  ...starting.map((method) =>
    on(`refuses ${method} -32001`, `refuses ${method} as overloaded`, {
      endings: once,
      run: "SERVER_OVERLOADED",
      lives: "no",
    }),
  ),
  on("goesOn", "sends events of a completed turn", { endings: few, ...stays }),
  ...["unknown", "homeless", "noParams", "emptyParams", "sameId"].map((kind) =>
    on(`asks ${kind}`, `sends an unexpected request (${kind})`, { endings: once, ...stays }),
  ),
  on("asks duplicate", "sends a request for an approval twice", {
    endings: once,
    run: "APPROVAL_VIOLATED",
  }),
  on("asks forgotten", "sends a request and never resolves it", { endings: many, ...stays }),
  on("asks many", "sends hundreds of requests at once", { endings: many, ...stays }),
];
