// Answers that are missing or wrong.
import { foreignThreadId, turnIdOf } from "./wire.mjs";

/**
 * @typedef {import("./server.mjs").Hooks} Hooks
 * @typedef {import("./server.mjs").Server} Server
 * @typedef {import("./wire.mjs").Message} Message
 */

const delayMs = 300;

/**
 * Ignores the request.
 * @param {string} method "any" for all of them.
 * @returns {Hooks}
 */
export function silent(method) {
  return { called: (call, server) => (method === "any" || call.method === method) && (server.stall(), true) };
}

/**
 * Performs the request and never answers it.
 * @param {string} method
 * @returns {Hooks}
 */
export function mute(method) {
  return answeredWith(method, (_answer, server) => server.stall());
}

/**
 * Answers after the end of the turn or, without a running turn, after an impatient client has aborted.
 * @param {string} method
 * @returns {Hooks}
 */
export function late(method) {
  /** @type {Message[]} */
  const kept = [];
  return {
    answering(call, answer, server) {
      if (call.method !== method) return false;
      server.stall();
      if (method === "turn/start" || method === "turn/interrupt") kept.push(answer);
      else setTimeout(() => server.send(answer), delayMs);
      return true;
    },
    ended(server) {
      for (const answer of kept.splice(0)) server.send(answer);
    },
  };
}

/**
 * Answers twice, with different results.
 * @param {string} method
 * @returns {Hooks}
 */
export function twice(method) {
  return answeredWith(method, (answer, server) => {
    server.send(answer);
    server.raw(`${otherwise(answer, server)}\n`);
    server.send({ id: answer["id"], error: { code: -32_000, message: "changed its mind" } });
  });
}

/** @type {Readonly<Record<string, (id: unknown) => unknown>>} */
const wrongIds = { number: () => 999_999, string: String, null: () => null, object: () => ({}), negative: () => -1 };

/**
 * @param {string} method
 * @param {string} kind
 * @returns {Hooks}
 */
export function wrongId(method, kind) {
  return answeredWith(method, (answer, server) => {
    server.send({ ...answer, id: wrongIds[kind]?.(answer["id"]) });
    server.stall();
  });
}

/**
 * @param {string} method
 * @returns {Hooks}
 */
export function empty(method) {
  return answeredWith(method, ({ id }, server) => server.send({ id }));
}

/**
 * @param {string} method
 * @returns {Hooks}
 */
export function unreadable(method) {
  return answeredWith(method, ({ id }, server) => server.send({ id, result: { thread: 7, turn: null } }));
}

/**
 * @param {string} method
 * @returns {Hooks}
 */
export function bareError(method) {
  return { called: (call, server) => call.method === method && (server.send({ id: call.id, error: {} }), true) };
}

/**
 * Refuses with a retryable error.
 * @param {string} method
 * @param {string} code
 * @returns {Hooks}
 */
export function refuses(method, code) {
  const error = { code: Number(code), message: "thread is closing; retry" };
  return { called: (call, server) => call.method === method && (server.send({ id: call.id, error }), true) };
}

/**
 * Answers that the request was performed, without performing it.
 * @param {string} method
 * @returns {Hooks}
 */
export function lies(method) {
  return { called: (call, server) => call.method === method && (server.send({ id: call.id, result: {} }), true) };
}

/**
 * Answers with another thread or turn than the one in its events.
 * @param {string} method
 * @returns {Hooks}
 */
export function renames(method) {
  return answeredWith(method, (answer, server) => {
    server.raw(`${otherwise(answer, server)}\n`);
  });
}

/**
 * @param {string} method
 * @param {(answer: Message, server: Server) => void} send
 * @returns {Hooks}
 */
function answeredWith(method, send) {
  return { answering: (call, answer, server) => call.method === method && (send(answer, server), true) };
}

/**
 * @param {Message} answer
 * @param {Server} server
 */
function otherwise(answer, { threadId, turnId }) {
  return JSON.stringify(answer).replaceAll(threadId, foreignThreadId).replaceAll(turnId, turnIdOf(99));
}
