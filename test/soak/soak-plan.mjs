// The plan of the soak, drawn from a seed: the same seed yields the same plan.

/** @typedef {"app-server" | "exec"} SoakTransport */
/** @typedef {"text" | "slow" | "chatty" | "shell" | "daemons" | "schema" | "refused" | "held" | "agents"} Script */
/**
 * @typedef {"run" | "slow-reader" | "fail" | "break" | "throw" | "return" | "abort-before" | "abort" | "interrupt"
 *   | "timeout" | "close-thread" | "close-client" | "kill"} Ending
 */

/**
 * @typedef {object} SoakTurn
 * @property {number} number
 * @property {SoakTransport} transport
 * @property {Script} script The model's script in this turn.
 * @property {Ending} ending
 * @property {{ readonly event: number } | { readonly ms: number }} at The moment of the ending: at an event, or this long after the start.
 * @property {"keep" | "new" | "resume"} thread
 * @property {"workspace-write" | "danger-full-access"} sandboxMode Of a new thread.
 */

/** The scripts that come to an end by themselves, and those that leave time for an ending. @type {readonly Script[]} */
const finishing = ["text", "text", "text", "slow", "shell", "shell", "daemons", "agents", "schema", "schema"];
/** @type {readonly Script[]} */
const lasting = ["slow", "slow", "shell", "held", "held", "agents", "agents", "chatty"];

/** The frequency of each ending, and its scripts. @type {readonly (readonly [Ending, number, readonly Script[]])[]} */
const mix = [
  ["run", 30, finishing],
  ["slow-reader", 5, ["chatty", "slow"]],
  ["fail", 4, ["refused"]],
  ["break", 10, lasting],
  ["throw", 5, lasting],
  ["return", 4, lasting],
  ["abort-before", 3, finishing],
  ["abort", 13, lasting],
  ["interrupt", 9, lasting],
  ["timeout", 6, ["slow", "held"]],
  ["close-thread", 4, lasting],
  ["close-client", 3, lasting],
  ["kill", 4, ["slow", "held"]],
];

/** @param {{ seed: number, counts: Readonly<Record<SoakTransport, number>>, rounds: number }} options @returns {SoakTurn[][]} */
export function planSoak({ seed, counts, rounds }) {
  const random = createRandom(seed);
  /** @param {number} bound */
  const below = (bound) => Math.floor(random() * bound);
  /** @template T @param {readonly T[]} list @returns {T} */
  const oneOf = (list) => /** @type {T} */ (list[below(list.length)]);
  const draws = mix.flatMap(([ending, weight, scripts]) => Array.from({ length: weight }, () => ({ ending, scripts })));

  let number = 0;
  return Array.from({ length: rounds }, (_, round) => {
    const kinds = Object.keys(counts).flatMap((name) => {
      const transport = name === "exec" ? "exec" : "app-server";
      const length = share(counts[transport], round, rounds);
      return Array.from({ length }, () => transport);
    });
    return kinds.map((transport) => {
      const { ending, scripts } = oneOf(draws);
      number += 1;
      return {
        number,
        transport: transport === "exec" ? "exec" : "app-server",
        script: oneOf(scripts),
        ending,
        at: random() < 0.6 ? { event: 1 + below(8) } : { ms: below(400) },
        thread: oneOf(/** @type {const} */ (["keep", "keep", "keep", "new", "resume"])),
        sandboxMode: random() < 0.3 ? "workspace-write" : "danger-full-access",
      };
    });
  });
}

/** The part of `total` that falls to one round. @param {number} total @param {number} round @param {number} rounds */
function share(total, round, rounds) {
  return Math.floor((total * (round + 1)) / rounds) - Math.floor((total * round) / rounds);
}

/** Mulberry32: small, and good enough to draw by. @param {number} seed */
function createRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
