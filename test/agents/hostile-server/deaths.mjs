// A server that dies.

/**
 * @typedef {import("./server.mjs").Hooks} Hooks
 */

/**
 * @param {string} moment "start", "amid", "ended", the request that it dies of, or "after:" the request that it answers first.
 * @param {string} how An exit code or "SIGKILL".
 * @returns {Hooks}
 */
export function die(moment, how) {
  const now = () => {
    process.stderr.write("Error: out of luck\n");
    // Output to a pipe is already written here.
    if (how === "SIGKILL") process.kill(process.pid, "SIGKILL");
    process.exit(Number(how));
  };
  if (moment.startsWith("after:")) {
    return {
      answering({ method }, answer, server) {
        if (moment !== `after:${method}`) return;
        server.send(answer);
        now();
      },
    };
  }
  if (moment === "start") return { start: now };
  if (moment === "amid") return { amid: now };
  if (moment === "ended") return { ended: now };
  return { called: ({ method }) => method === moment && now() };
}

/**
 * Ends only by SIGKILL: it ignores the end of its input and all other signals.
 * @returns {Hooks}
 */
export function stubborn() {
  return {
    start() {
      for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) process.on(signal, () => undefined);
      setInterval(() => undefined, 1_000);
    },
    inputEnded: () => true,
  };
}

/**
 * Is stopped, as by a debugger: no signal but SIGKILL reaches it.
 * @param {string} moment "amid" or the request.
 * @returns {Hooks}
 */
export function freezes(moment) {
  const now = (/** @type {import("./server.mjs").Server} */ server) => {
    server.stall();
    process.kill(process.pid, "SIGSTOP");
  };
  if (moment === "amid") return { amid: now };
  return { called: ({ method }, server) => method === moment && (now(server), true) };
}

/**
 * Writes a lot of output when it is asked to end.
 * @returns {Hooks}
 */
export function rants() {
  const text = `${"x".repeat(1_000)}\n`.repeat(100);
  return { inputEnded: (server) => (setInterval(() => server.raw(text), 1), true) };
}
