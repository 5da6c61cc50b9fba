// The soak: a program of its own that runs several hundred turns on the real binary, a handful at once, ends them in
// every way, and measures itself. soak.test.ts starts it, passes the set-up by the environment and serves the model's
// script. The program prints only the report.
import { spawn } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { once } from "node:events";
import { readdirSync, readFileSync, writeSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { planSoak } from "./soak-plan.mjs";
import { isForgotten, outcomesOf, performTurn } from "./soak-turn.mjs";

/** @import { CodexOptions, Thread } from "../../src/index.js" */
/** @import { SoakReport, SoakSetup } from "./soak.test.js" */
/** @import { SoakTransport, SoakTurn } from "./soak-plan.mjs" */

/** @type {typeof import("../../src/index.js")} */
const library = await import(new URL("../../dist/index.js", import.meta.url).href);
/** @type {SoakSetup} */
const setup = JSON.parse(process.env["SOAK_SETUP"] ?? "{}");
const began = performance.now();

/** The time limit of a turn in any case. The longest of them take some seconds. */
const patienceMs = 45_000;

/** A turn that starts this long after a kill may still reach the killed process. */
const noticeMs = 250;

/** The number of turns that run at once. @type {readonly { transport: SoakTransport, threads: number }[]} */
const slots = [
  { transport: "app-server", threads: 2 },
  { transport: "app-server", threads: 2 },
  { transport: "exec", threads: 1 },
  { transport: "exec", threads: 1 },
];

/** @type {SoakReport} */
const report = {
  complete: false,
  turns: 0,
  seconds: 0,
  outcomes: {},
  problems: [],
  tripwires: [],
  samples: [],
  handles: { before: [], after: [] },
  descriptors: { before: 0, after: 0 },
  children: [],
  slowestEnding: { ms: 0, turn: "" },
};

watchForAccidents();
process.once("exit", () => writeSync(1, `${JSON.stringify(report)}\n`));
const operations = countOperations();
await warmNode();
await settleDown();
report.handles.before = handles();
report.descriptors.before = openDescriptors();

const clients = slots.map((slot, index) => createClient(slot.transport, String(index)));
for (const turns of planSoak(setup)) {
  await runRound(turns);
  await Promise.all(clients.map((client) => client.warm()));
  await takeSample();
}
await Promise.all(clients.map((client) => client.close()));
operations.check();

for (
  let tries = 0;
  tries < 100 && (handles().length > report.handles.before.length || children().length > 0);
  tries++
) {
  await delay(50);
}
await settleDown();
report.handles.after = handles();
report.descriptors.after = openDescriptors();
report.children = children();
report.seconds = (performance.now() - began) / 1000;
report.complete = true;
// The program is not ended by a call: it ends when nothing keeps it alive.

/** Each place runs the next turn of its transport when it is free. @param {readonly SoakTurn[]} turns */
async function runRound(turns) {
  const places = clients.flatMap((client, index) =>
    Array.from({ length: slots[index]?.threads ?? 1 }, () => ({ client })),
  );
  const left = { "app-server": queueOf("app-server"), exec: queueOf("exec") };
  /** @param {SoakTransport} transport */
  function queueOf(transport) {
    return turns.filter((turn) => turn.transport === transport);
  }
  await Promise.all(
    places.map(async ({ client }) => {
      const place = client.place();
      for (let turn = left[client.transport].shift(); turn !== undefined; turn = left[client.transport].shift()) {
        await place.run(turn);
      }
      await place.leave();
    }),
  );
}

/** @typedef {ReturnType<typeof createClient>} Client */

/**
 * A client that is created anew after it was closed, and records what else happened to it while a turn ran.
 * @param {SoakTransport} transport @param {string} name
 */
function createClient(transport, name) {
  let codex = open();
  let generation = 0;
  let killedAt = -Infinity;

  function open() {
    /** @type {CodexOptions} */
    const options = { ...setup.codex, transport, env: { ...setup.codex.env, SOAK_CLIENT: name } };
    return new library.Codex(options);
  }

  async function reopen() {
    const closing = codex;
    generation += 1;
    codex = open();
    await closing.close();
  }

  /** The codex processes of this client, which carry its name; their commands carry it too. */
  async function kill() {
    const found = pidsWhere((pid) => isOwnCodex(pid, name, transport));
    if (found.length > 0) killedAt = performance.now();
    found.forEach(killProcess);
    return found.length > 0;
  }

  function place() {
    /** @type {{ thread: Thread, generation: number, kept: boolean, doubtful: boolean } | null} */
    let current = null;
    /** @param {SoakTurn} plan */
    const threadFor = ({ thread, sandboxMode }) => {
      if (current?.generation !== generation || thread === "new") {
        const started = codex.startThread({ ...setup.thread, sandboxMode });
        current = { thread: started, generation, kept: false, doubtful: false };
      } else if (thread === "resume" && current.thread.id !== null) {
        current = { ...current, thread: codex.resumeThread(current.thread.toJSON()) };
      }
      return current;
    };
    return {
      /** @param {SoakTurn} plan */
      async run(plan) {
        const before = { generation, time: performance.now() };
        const left = current?.thread;
        const { thread, doubtful } = threadFor(plan);
        // A thread has one handle at a time.
        if (left !== undefined && left !== thread) await left.close();
        const settled = await withinPatience(plan, performTurn(plan, { codex, thread, closeClient: reopen, kill }));
        const closed = generation > before.generation;
        note(plan, settled, { closed, killed: killedAt > before.time - noticeMs, doubtful });
        if (current !== null) remember(current, settled.outcome);
        if ((plan.ending === "close-thread" && settled.acted) || isForgotten(settled.outcome)) current = null;
      },
      async leave() {
        await current?.thread.close();
        current = null;
      },
    };
  }

  return {
    transport,
    place,
    async warm() {
      await codex.ready();
    },
    close: () => codex.close(),
  };
}

/**
 * Codex stores a thread with its first turn. A thread whose codex ends before that is lost, also if its own turn was aborted.
 * @param {{ kept: boolean, doubtful: boolean }} thread @param {string} outcome
 */
function remember(thread, outcome) {
  if (outcome === "completed" || outcome === "interrupted" || outcome === "TURN_FAILED") thread.kept = true;
  thread.doubtful = !thread.kept;
}

/** A turn that never settles ends the soak, which reports its findings so far. @template T @param {SoakTurn} plan @param {Promise<T>} settled */
async function withinPatience(plan, settled) {
  const timer = setTimeout(() => {
    report.problems.push(`turn ${String(plan.number)} never settled: ${JSON.stringify(plan)}`);
    process.exit(1);
  }, patienceMs);
  const result = await settled;
  clearTimeout(timer);
  return result;
}

/**
 * @param {SoakTurn} plan
 * @param {Awaited<ReturnType<typeof performTurn>>} settled
 * @param {{ closed: boolean, killed: boolean, doubtful: boolean }} meanwhile The effects of neighbouring turns on the client, and of codex on the thread.
 */
function note(plan, { outcome, acted, endingMs, problems }, { closed, killed, doubtful }) {
  report.turns += 1;
  const name = `${plan.transport} ${plan.ending}`;
  const key = `${plan.ending}: ${outcome}`;
  report.outcomes[key] = (report.outcomes[key] ?? 0) + 1;
  const turn = `turn ${String(plan.number)} (${name}, ${plan.script}, ${JSON.stringify(plan.at)})`;
  const allowed = outcomesOf(plan, { acted, closed, killed, doubtful });
  if (!allowed.includes(outcome)) report.problems.push(`${turn}: ${outcome} instead of ${allowed.join(" or ")}`);
  report.problems.push(...problems.map((problem) => `${turn}: ${problem}`));
  if (endingMs !== null && endingMs > report.slowestEnding.ms)
    report.slowestEnding = { ms: Math.round(endingMs), turn };
}

async function takeSample() {
  await settleDown();
  const { heapUsed, rss } = process.memoryUsage();
  report.samples.push({
    turns: report.turns,
    heapUsed,
    rss,
    descriptors: openDescriptors(),
    handles: handles().length,
  });
}

/** Opens the resources that Node keeps after its first child, such as its own stderr, so that they exist from the start. */
async function warmNode() {
  const child = spawn(process.execPath, ["--version"]);
  child.stdin.end();
  for (const pipe of [child.stdout, child.stderr]) pipe.resume();
  await once(child, "close");
}

async function settleDown() {
  for (let round = 0; round < 3; round++) {
    await delay(20);
    globalThis.gc?.();
  }
}

function handles() {
  return process.getActiveResourcesInfo().sort();
}

function openDescriptors() {
  return readdirSync("/proc/self/fd").length;
}

function children() {
  return pidsWhere((pid) =>
    new RegExp(`^PPid:\t${String(process.pid)}$`, "m").test(read(`/proc/${String(pid)}/status`)),
  )
    .filter((pid) => !/^State:\tZ/m.test(read(`/proc/${String(pid)}/status`)))
    .map((pid) =>
      read(`/proc/${String(pid)}/cmdline`)
        .split("\0")
        .join(" "),
    );
}

/** @param {number} pid @param {string} name @param {SoakTransport} transport */
function isOwnCodex(pid, name, transport) {
  const words = read(`/proc/${String(pid)}/cmdline`).split("\0");
  if (!words[0]?.endsWith("codex") || words[1] !== (transport === "exec" ? "exec" : "app-server")) return false;
  const environment = read(`/proc/${String(pid)}/environ`).split("\0");
  return environment.includes(`SOAK_CLIENT=${name}`) && environment.includes(`SOAK_MARK=${setup.mark}`);
}

/** @param {number} pid */
function killProcess(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended meanwhile.
  }
}

/** @param {(pid: number) => boolean} matches */
function pidsWhere(matches) {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(matches);
}

/** @param {string} path */
function read(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Records accidents that must never happen in a host program. */
function watchForAccidents() {
  /** @param {string} kind @returns {(what: unknown) => void} */
  const note = (kind) => (what) => {
    report.tripwires.push(`${kind}: ${what instanceof Error ? (what.stack ?? what.message) : String(what)}`);
  };
  for (const kind of ["uncaughtException", "unhandledRejection", "warning"]) process.on(kind, note(kind));
}

/** Checks that every operation on a diagnostics channel begins once and ends once. */
function countOperations() {
  /** @type {Map<object, { start: number, end: number, subject: string }>} */
  const open = new Map();
  for (const subject of ["client", "process", "turn", "item"]) {
    subscribe(`codexkit:${subject}`, (message) => {
      if (typeof message !== "object" || message === null || !("operation" in message) || !("phase" in message)) return;
      const { operation, phase } = message;
      if (typeof operation !== "object" || operation === null || phase === "event") return;
      const counts = open.get(operation) ?? { start: 0, end: 0, subject };
      if (phase === "start") counts.start += 1;
      else counts.end += 1;
      if (counts.start > 1 || counts.end > 1) report.problems.push(`a ${subject} that starts or ends twice`);
      // Forgets operations that ended properly, or this account would be the leak.
      open.set(operation, counts);
      if (counts.start === 1 && counts.end === 1) ended.add(operation);
      if (counts.start === 1 && counts.end === 1) open.delete(operation);
      else if (ended.has(operation)) report.problems.push(`an event of a ${subject} after its end`);
    });
  }
  const ended = new WeakSet();
  return {
    check() {
      for (const { subject, start, end } of open.values()) {
        report.problems.push(`a ${subject} with ${String(start)} starts and ${String(end)} ends`);
      }
    },
  };
}
