// The host program of one case; see run-case.ts. It opens a client on the executable that stands in for codex, runs one
// turn, performs the case's ending and reports in one line how everything settled. Then it has to end by itself:
// `process.exit` is called only in the ending of that name.
import { existsSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { subscribe } from "node:diagnostics_channel";
import { join } from "node:path";

/** @import { ThreadEvent, Turn, TurnOptions, TurnResult } from "../../src/index.js" */
/** @import { HostCase, HostReport, Outcome } from "./run-case.js" */

/** @type {typeof import("../../src/index.js")} */
const library = await import(new URL("../../dist/index.js", import.meta.url).href);

/** @type {HostCase} */
const hostCase = JSON.parse(process.argv[2] ?? "{}");
const folder = process.env["CODEXKIT_CASE_FOLDER"] ?? ".";
const began = performance.now();
const midTurnFile = join(folder, "mid-turn");
/** The time limit that the endings by time set. By default long enough to start a stand-in, short enough for hundreds of cases. */
const limitMs = hostCase.limitMs ?? 300;
// Node itself opens its stderr when it destroys a socket, and leaves it open. It is opened here, so that it does not
// count as a leak.
process.stderr.on("error", () => {});
const resourcesBefore = process.getActiveResourcesInfo();

/** @type {HostReport} */
const report = {
  settled: 0,
  outcome: null,
  again: null,
  reader: { events: {}, count: 0, ends: 0, error: null },
  tripwires: [],
  operations: {},
  resources: [],
  midTurnBy: null,
  endedMs: 0,
  left: [],
  closedAt: 0,
  threadId: null,
  peakMb: 0,
};
let performedAt = began;

watchForAccidents();
countOperations();

const codex = new library.Codex({
  ...(hostCase.codex === undefined ? {} : { codexPathOverride: hostCase.codex }),
  transport: hostCase.transport,
  env: { ...process.env, ...hostCase.env },
  ...hostCase.codexOptions,
});
const place = { workingDirectory: folder, skipGitRepoCheck: true, ...hostCase.thread };
const thread = hostCase.resume === undefined ? codex.startThread(place) : codex.resumeThread(hostCase.resume, place);
const prompt = "x".repeat(hostCase.promptLength ?? 5);
/** @type {TurnOptions} */
const options = {
  outputSchema: {
    type: "object",
    properties: { ok: { type: "boolean" }, text: { type: "string" } },
    required: ["ok"],
    additionalProperties: false,
  },
  ...(hostCase.timeoutMs === undefined ? {} : { timeoutMs: hostCase.timeoutMs }),
};

if (hostCase.warm === true) await thread.start();
await performEnding();
report.left = commandsLeft();
report.threadId = thread.id;
if (hostCase.again === true) report.again = await outcomeOf(thread.run("again", { timeoutMs: 8_000 }));
if (hostCase.ending !== "leave") {
  await codex.close();
  await codex.close();
  await compareResources();
}
report.endedMs = performance.now() - performedAt;
report.closedAt = Date.now();
report.peakMb = Math.round(process.resourceUsage().maxRSS / 1024);

/** Performs all operations up to the ending, and the ending. Returns when everything has settled. */
async function performEnding() {
  switch (hostCase.ending) {
    case "run":
    case "leave":
      await settle(thread.run(prompt, options));
      act();
      return;
    case "break":
      return leaveLoop(() => "break");
    case "break-and-abort": {
      const abort = new AbortController();
      return leaveLoop(() => {
        setImmediate(() => {
          abort.abort(new Error("after the break"));
        });
        return "break";
      }, abort.signal);
    }
    case "throw":
      return leaveLoop(() => {
        throw new Error("the consumer's own");
      });
    case "return":
      return returnIterator();
    case "abort-before":
      act();
      await settle(thread.run(prompt, { ...options, signal: AbortSignal.abort(new Error("before")) }));
      return;
    case "abort-at-spawn":
      return abortAtSpawn();
    case "abort-during": {
      const abort = new AbortController();
      return atMidTurn({ ...options, signal: abort.signal }, () => {
        abort.abort(new Error("during"));
      });
    }
    case "abort-after": {
      const abort = new AbortController();
      await settle(thread.run(prompt, { ...options, signal: abort.signal }));
      act();
      abort.abort(new Error("after"));
      return;
    }
    case "timeout":
      return atMidTurn({ ...options, timeoutMs: limitMs }, null);
    case "idle-timeout":
      return atMidTurn({ ...options, idleTimeoutMs: limitMs }, null);
    case "interrupt":
      return atMidTurn(options, (turn) => turn.interrupt());
    case "close-thread":
      return atMidTurn(options, () => thread.close());
    case "close-client":
      return atMidTurn(options, () => codex.close());
    case "all-at-once": {
      const abort = new AbortController();
      return atMidTurn({ ...options, signal: abort.signal }, async (turn) => {
        abort.abort(new Error("first of all"));
        await Promise.all([
          turn.interrupt(),
          turn[Symbol.asyncDispose](),
          thread.close(),
          codex.close(),
          turn.result(),
        ]).catch(() => {});
      });
    }
    case "exit":
      return atMidTurn(options, () => process.exit(7));
    case "uncaught":
      return atMidTurn(options, () => {
        setImmediate(() => {
          throw new Error("the host's own bug");
        });
        return new Promise(() => setTimeout(() => {}, 60_000));
      });
    case "SIGINT":
    case "SIGTERM":
    case "SIGHUP":
    case "SIGKILL":
      // run-case.ts sends the signal when it has read this line. Until then this program must live, whatever codex does.
      return atMidTurn(options, () => {
        writeSync(1, '{"kind":"mid-turn"}\n');
        return new Promise(() => setTimeout(() => {}, 60_000));
      });
  }
}

/**
 * Reads a turn beside its result and performs the ending when it is in mid-turn.
 * @param {TurnOptions} turnOptions
 * @param {((turn: Turn<unknown>) => unknown) | null} perform
 */
async function atMidTurn(turnOptions, perform) {
  const turn = thread.runStreamed(prompt, turnOptions);
  const settled = settle(turn.result());
  const midTurn = watchForMidTurn(settled);
  const reading = read(turn, midTurn.onEvent);
  await midTurn.reached;
  act();
  await perform?.(turn);
  await Promise.all([settled, reading]);
}

/**
 * Ends the loop over a turn's events from within its body, at the first event in mid-turn.
 * @param {() => "break"} leave
 * @param {AbortSignal} [signal]
 */
async function leaveLoop(leave, signal) {
  const turn = thread.runStreamed(prompt, signal === undefined ? options : { ...options, signal });
  await read(turn, () => {
    if (hostCase.midTurn === "file" && !existsSync(midTurnFile)) return;
    act();
    return leave();
  });
  await settle(turn.result());
}

/** Requests the next event and calls `return()` while that request is pending. */
async function returnIterator() {
  const turn = thread.runStreamed(prompt, options);
  const iterator = turn[Symbol.asyncIterator]();
  const settled = settle(turn.result());
  const midTurn = watchForMidTurn(settled);
  const reading = (async () => {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) break;
      hear(value);
      midTurn.onEvent();
    }
    report.reader.ends += 1;
  })().catch(readerFailed);
  await midTurn.reached;
  act();
  await iterator.return?.();
  await iterator.return?.();
  await Promise.all([reading, settled]);
}

/** Aborts at the moment in which the process of the turn has been started. */
async function abortAtSpawn() {
  const abort = new AbortController();
  let left = hostCase.abortAtProcess ?? (hostCase.transport === "exec" ? 2 : 1);
  subscribe("codexkit:process", (message) => {
    if (phaseOf(message) !== "start" || (left -= 1) !== 0) return;
    act();
    abort.abort(new Error("at spawn"));
  });
  await settle(thread.run(prompt, { ...options, signal: abort.signal }));
}

/**
 * A turn is in its middle when its reader has received an event, or when the file `mid-turn` is in the folder of the case: an
 * executable that sends no event creates it, and so does the command of a sub-agent. A turn that has settled before that is
 * beyond any other ending.
 * @param {Promise<void>} settled
 */
function watchForMidTurn(settled) {
  /** @type {(by: "event" | "file" | "settled") => void} */
  let reach = () => {};
  const reached = new Promise((resolve) => {
    reach = (by) => {
      clearInterval(timer);
      report.midTurnBy ??= by;
      resolve(undefined);
    };
  });
  const timer = setInterval(() => {
    if (existsSync(midTurnFile)) reach("file");
  }, 5);
  void settled.then(() => {
    reach("settled");
  });
  return {
    reached,
    onEvent: () => {
      if (hostCase.midTurn !== "file") reach("event");
    },
  };
}

/**
 * Reads the turn to its end, or until `onEvent` returns `break` or throws.
 * @param {Turn<unknown>} turn
 * @param {() => "break" | void} onEvent
 */
async function read(turn, onEvent) {
  try {
    for await (const event of turn) {
      hear(event);
      if (onEvent() === "break") break;
    }
    report.reader.ends += 1;
  } catch (error) {
    readerFailed(error);
  }
}

/** @param {ThreadEvent} event */
function hear({ type }) {
  report.reader.count += 1;
  report.reader.events[type] = (report.reader.events[type] ?? 0) + 1;
}

/** @param {unknown} error */
function readerFailed(error) {
  report.reader.ends += 1;
  report.reader.error = describe(error);
}

/** @param {Promise<TurnResult<unknown>>} promise */
async function settle(promise) {
  report.outcome = await outcomeOf(promise);
  report.settled += 1;
}

/**
 * @param {Promise<TurnResult<unknown>>} promise
 * @returns {Promise<Outcome>}
 */
function outcomeOf(promise) {
  return promise.then(
    ({ status, finalResponse, output, threadId, items }) => ({
      kind: "resolved",
      status,
      threadId,
      output: output === undefined ? null : JSON.stringify(output).slice(0, 200),
      finalResponseLength: finalResponse?.length ?? null,
      itemCount: items.length,
    }),
    (/** @type {unknown} */ error) => ({ kind: "rejected", ...describe(error) }),
  );
}

/** @param {unknown} error */
function describe(error) {
  const isError = error instanceof Error;
  return {
    name: isError ? error.name : typeof error,
    code: library.CodexError.isInstance(error) ? error.code : null,
    message: String(isError ? error.message : error).slice(0, 500),
    exitCode: error instanceof library.ProcessExitedError ? error.exitCode : null,
    signal: error instanceof library.ProcessExitedError ? error.signal : null,
  };
}

/** Marks the ending as performed and starts its clock. */
function act() {
  performedAt = performance.now();
}

/** Observes accidents only: every accident that would end a host program without this ends this one, too. */
function watchForAccidents() {
  process.on("uncaughtExceptionMonitor", (error, origin) => {
    report.tripwires.push(`${origin}: ${error.stack ?? String(error)}`);
  });
  process.on("warning", (warning) => {
    report.tripwires.push(`warning: ${warning.stack ?? String(warning)}`);
  });
  process.on("exit", () => {
    writeSync(1, `${JSON.stringify({ kind: "report", report })}\n`);
  });
}

/** Returns the command lines of the case's processes that begin with `hostCase.command`. */
function commandsLeft() {
  const { command } = hostCase;
  if (command === undefined) return [];
  const token = process.env["CODEXKIT_CASE"] ?? "";
  /** @param {string} path */
  const read = (path) => {
    try {
      return readFileSync(path, "latin1").replaceAll("\0", " ");
    } catch {
      return "";
    }
  };
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name) || !read(`/proc/${name}/cmdline`).startsWith(command)) return [];
    return read(`/proc/${name}/environ`).includes(token) ? [read(`/proc/${name}/cmdline`).trim()] : [];
  });
}

/** Counts the started and ended operations of each kind, from `node:diagnostics_channel`. */
function countOperations() {
  for (const subject of ["client", "process", "turn"]) {
    /** @type {Map<unknown, number>} */
    const ends = new Map();
    const counts = { started: 0, onExec: 0, ended: 0, endedTwice: 0 };
    report.operations[subject] = counts;
    subscribe(`codexkit:${subject}`, (message) => {
      const phase = phaseOf(message);
      if (phase === "start") counts.started += 1;
      if (phase === "start" && isOnExec(message)) counts.onExec += 1;
      if (phase !== "end" && phase !== "error") return;
      counts.ended += 1;
      const operation = typeof message === "object" && message !== null && "operation" in message && message.operation;
      const times = (ends.get(operation) ?? 0) + 1;
      ends.set(operation, times);
      if (times > 1) counts.endedTwice += 1;
    });
  }
}

/** @param {unknown} message */
function isOnExec(message) {
  return typeof message === "object" && message !== null && "transport" in message && message.transport === "exec";
}

/** @param {unknown} message */
function phaseOf(message) {
  return typeof message === "object" && message !== null && "phase" in message ? message.phase : null;
}

/** Returns the resources that keep this program alive, beyond those at its start. A closed handle disappears within a few rounds. */
async function compareResources() {
  const end = performance.now() + 250;
  do {
    await new Promise((resolve) => setImmediate(resolve));
    const left = process.getActiveResourcesInfo();
    for (const name of [...resourcesBefore, "Immediate"]) {
      const at = left.indexOf(name);
      if (at !== -1) left.splice(at, 1);
    }
    report.resources = left;
  } while (report.resources.length > 0 && performance.now() < end);
}
