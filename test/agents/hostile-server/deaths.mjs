// A server that dies.

/**
 * @typedef {import("./server.mjs").Hooks} Hooks
 */

/**
 * @param {string} where "start", "amid", "ended", the request that it dies of, or "after:" the request that it answers first.
 * @param {string} how An exit code or "SIGKILL".
 * @returns {Hooks}
 */
export function die(where, how) {
  const now = () => {
    process.stderr.write("Error: out of luck\n");
    // What is written to a pipe is out before this.
    if (how === "SIGKILL") process.kill(process.pid, "SIGKILL");
    process.exit(Number(how));
  };
  if (where.startsWith("after:")) {
    return {
      answering({ method }, answer, server) {
        if (where !== `after:${method}`) return;
        server.send(answer);
        now();
      },
    };
  }
  if (where === "start") return { start: now };
  if (where === "amid") return { amid: now };
  if (where === "ended") return { ended: now };
  return { called: ({ method }) => method === where && now() };
}

/**
 * Does not let go: neither the end of its input nor a signal but SIGKILL ends it.
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
 * @param {string} where "amid" or the request.
 * @returns {Hooks}
 */
export function freezes(where) {
  const now = (/** @type {import("./server.mjs").Server} */ server) => {
    server.stall();
    process.kill(process.pid, "SIGSTOP");
  };
  if (where === "amid") return { amid: now };
  return { called: ({ method }, server) => method === where && (now(server), true) };
}

/**
 * Has much to say when it is to end.
 * @returns {Hooks}
 */
export function rants() {
  const text = `${"x".repeat(1_000)}\n`.repeat(100);
  return { inputEnded: (server) => (setInterval(() => server.raw(text), 1), true) };
}
