// One turn of the soak: runs it, ends it as planned, and reports how it settled.
import { setTimeout as delay } from "node:timers/promises";

/** @import { Codex, Thread, ThreadEvent, Turn, TurnOptions } from "../../src/index.js" */
/** @import { SoakTurn } from "./soak-plan.mjs" */

/**
 * @typedef {object} Stage
 * @property {Codex} codex
 * @property {Thread} thread
 * @property {() => Promise<void>} closeClient
 * @property {() => Promise<boolean>} kill Kills codex by SIGKILL; false if none runs.
 */

/**
 * @typedef {object} Settled
 * @property {string} outcome The result's status, or the error's code.
 * @property {boolean} acted Whether the turn still ran when its ending came.
 * @property {number | null} endingMs From the ending to the settlement that the caller sees.
 * @property {readonly string[]} problems Violations.
 */

const outputSchema = {
  type: "object",
  properties: { ok: { type: "boolean" } },
  required: ["ok"],
  additionalProperties: false,
};

/** @param {SoakTurn} plan @param {Stage} stage @returns {Promise<Settled>} */
export async function performTurn(plan, stage) {
  const abort = new AbortController();
  if (plan.ending === "abort-before") abort.abort(new Error("before"));
  /** @type {TurnOptions} */
  const options = {
    ...(plan.script === "schema" || plan.number % 4 === 0 ? { outputSchema } : {}),
    ...(plan.ending === "timeout" ? { timeoutMs: 50 + ("ms" in plan.at ? plan.at.ms : plan.at.event * 50) } : {}),
    signal: abort.signal,
  };
  const watch = createWatch();
  const turn = begin(stage.thread, `turn ${String(plan.number)}: ${plan.script}`, options);
  // A neighbour closed the client just now.
  if ("error" in turn) return { outcome: codeOf(turn, watch), acted: false, endingMs: null, problems: watch.problems };
  let actedAt = 0;
  /** @type {Promise<unknown>} */
  let action = Promise.resolve();
  const act = () => {
    actedAt = performance.now();
    action = perform(plan, { ...stage, turn, abort });
    action.catch(() => undefined);
  };

  await consume(plan, { turn, watch, act });
  await action;
  const outcome = await outcomeOf(turn, watch);
  return {
    outcome,
    acted: actedAt > 0,
    endingMs: actedAt > 0 ? performance.now() - actedAt : null,
    problems: [...watch.problems, ...(await checkSettled(turn, outcome))],
  };
}

/** The turn, or what its thread throws. @param {Thread} thread @param {string} prompt @param {TurnOptions} options */
function begin(thread, prompt, options) {
  try {
    return thread.runStreamed(prompt, options);
  } catch (error) {
    return { error };
  }
}

/** @param {SoakTurn} plan @param {Stage & { turn: Turn<unknown>, abort: AbortController }} stage */
async function perform({ ending }, { turn, abort, thread, closeClient, kill }) {
  switch (ending) {
    case "abort":
      abort.abort(new Error("enough"));
      return;
    case "interrupt":
      return turn.interrupt();
    case "close-thread":
      return thread.close();
    case "close-client":
      return closeClient();
    case "kill":
      await kill();
      return;
    default:
  }
}

/**
 * Reads the turn to its end, or to its ending if that is the reader's own.
 * @param {SoakTurn} plan
 * @param {{ turn: Turn<unknown>, watch: Watch, act: () => void }} running
 */
async function consume(plan, { turn, watch, act }) {
  const own = plan.ending === "break" || plan.ending === "throw" || plan.ending === "return";
  const outer = ["abort", "interrupt", "close-thread", "close-client", "kill"].includes(plan.ending);
  if (outer && "ms" in plan.at) {
    const timer = setTimeout(() => {
      if (turn.status === "running" || turn.status === "queued") act();
    }, plan.at.ms);
    await turn.result().catch(() => undefined);
    clearTimeout(timer);
    return;
  }
  const last = "event" in plan.at ? plan.at.event : 1 + (plan.at.ms % 8);
  const iterator = turn.events;
  let count = 0;
  /** @param {ThreadEvent} event */
  const isMoment = (event) =>
    count === last ||
    (event.type === "item.started" && event.item.type === "commandExecution" && plan.script === "held");
  try {
    for await (const event of iterator) {
      count += 1;
      watch.onEvent(event);
      if (plan.ending === "slow-reader" && count <= 60) await delay(5);
      if (!(own || outer) || !isMoment(event) || watch.moments > 0) continue;
      watch.moments += 1;
      if (event.type !== "turn.completed") act();
      if (plan.ending === "break") break;
      if (plan.ending === "throw") throw new Error("of the consumer");
      if (plan.ending === "return") {
        await iterator.return?.();
        break;
      }
    }
  } catch (error) {
    watch.threw(error);
  }
  const after = await iterator.next().catch((/** @type {unknown} */ error) => watch.threw(error));
  if (after !== undefined && after.done !== true) watch.problems.push("an event after the end");
}

/** @typedef {ReturnType<typeof createWatch>} Watch */

function createWatch() {
  /** @type {string[]} */
  const problems = [];
  let ends = 0;
  let throws = 0;
  return {
    problems,
    moments: 0,
    /** @param {ThreadEvent} event */
    onEvent(event) {
      if (ends > 0) problems.push(`${event.type} after turn.completed`);
      if (event.type === "turn.completed") ends += 1;
      if (event.type === "codexkit.unknown" || event.type === "codexkit.protocolWarning") problems.push(event.type);
    },
    /** @param {unknown} error @returns {undefined} */
    threw(error) {
      throws += 1;
      if (throws > 1) problems.push(`a second throw: ${String(error)}`);
    },
  };
}

/** @param {Turn<unknown>} turn @param {Watch} watch @returns {Promise<string>} */
async function outcomeOf(turn, watch) {
  try {
    return (await turn.result()).status;
  } catch (error) {
    return codeOf({ error }, watch);
  }
}

/** @param {{ readonly error: unknown }} thrown @param {Watch} watch */
function codeOf({ error }, watch) {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    if (error.code === "ABORTED" && error.name !== "AbortError") watch.problems.push("an abort of another name");
    return error.code;
  }
  watch.problems.push(`an untyped error: ${error instanceof Error ? (error.stack ?? "") : String(error)}`);
  return "untyped";
}

/** Checks that a settled turn does not change. @param {Turn<unknown>} turn @param {string} outcome */
async function checkSettled(turn, outcome) {
  const problems = [];
  const { status } = turn;
  if (status === "running" || status === "queued") problems.push(`settled as ${outcome}, but ${status}`);
  await turn.interrupt();
  if (turn.result() !== turn.result()) problems.push("two results");
  if (turn.status !== status) problems.push(`${status} became ${turn.status}`);
  return problems;
}

/** @type {Readonly<Record<SoakTurn["ending"], readonly string[]>>} */
const expected = {
  run: ["completed"],
  "slow-reader": ["completed"],
  fail: ["TURN_FAILED"],
  break: ["interrupted", "completed"],
  throw: ["interrupted", "completed"],
  return: ["interrupted", "completed"],
  "abort-before": ["ABORTED"],
  abort: ["ABORTED", "completed"],
  interrupt: ["interrupted", "completed"],
  timeout: ["TURN_TIMEOUT", "completed"],
  "close-thread": ["CLIENT_CLOSED", "completed"],
  "close-client": ["CLIENT_CLOSED", "completed"],
  kill: ["PROCESS_EXITED", "completed"],
};

/** The outcome of a turn on a thread that codex has not stored, or only in part. */
const forgotten = ["THREAD_NOT_FOUND", "THREAD_DAMAGED"];

/** @param {string} outcome */
export function isForgotten(outcome) {
  return forgotten.includes(outcome);
}

/**
 * How a turn may settle.
 * @param {SoakTurn} plan
 * @param {{ acted: boolean, closed: boolean, killed: boolean, doubtful: boolean }} what The turn's own ending came; a neighbour closed its
 *   client, or killed its codex; codex may have forgotten its thread.
 * @returns {readonly string[]}
 */
export function outcomesOf({ ending }, { acted, closed, killed, doubtful }) {
  const needsAct = ["break", "throw", "return", "abort", "interrupt"].includes(ending);
  return [
    ...(needsAct && !acted ? ["completed"] : expected[ending]),
    ...(closed ? ["CLIENT_CLOSED"] : []),
    ...(killed ? ["PROCESS_EXITED"] : []),
    ...(doubtful ? forgotten : []),
  ];
}
