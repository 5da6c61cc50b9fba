// Turns whose events are out of order or sent to the wrong turn.
import { foreignThreadId, turn, turnIdOf } from "./wire.mjs";

/**
 * @typedef {import("./server.mjs").Hooks} Hooks
 * @typedef {import("./wire.mjs").Message} Message
 */

/**
 * Sends all events of the turn before the answer to turn/start.
 * @returns {Hooks}
 */
export function overtaking() {
  /** @type {Message | undefined} */
  let kept;
  return {
    answering: ({ method }, answer) => method === "turn/start" && ((kept = answer), true),
    emitting({ method }, server) {
      // A held turn is answered, too, after its last event.
      if (method === "item/agentMessage/delta" && kept !== undefined) setTimeout(flush, 100, server);
    },
    ended: flush,
  };

  /** @param {import("./server.mjs").Server} server */
  function flush(server) {
    if (kept !== undefined) server.send(kept);
    kept = undefined;
  }
}

/**
 * @returns {Hooks}
 */
export function endsTwice() {
  return {
    ended(server) {
      const again = turn(server.turnId, "interrupted");
      server.send({ method: "turn/completed", params: { threadId: server.threadId, turn: again } });
    },
  };
}

/**
 * Ends another turn first.
 * @param {string} kind "thread": the same turn of an unknown thread; "turn": another turn of the same thread.
 * @returns {Hooks}
 */
export function endsAnother(kind) {
  return {
    amid(server) {
      const threadId = kind === "thread" ? foreignThreadId : server.threadId;
      const turnId = kind === "turn" ? turnIdOf(99) : server.turnId;
      server.send({ method: "turn/completed", params: { threadId, turn: turn(turnId, "completed") } });
    },
  };
}

/**
 * Keeps sending events of a completed turn.
 * @returns {Hooks}
 */
export function goesOn() {
  return {
    ended(server) {
      server.tellTurn("item/agentMessage/delta", { itemId: "msg_1", delta: "and another thing" });
      server.tellTurn("item/agentMessage/delta", { itemId: "msg_2", delta: "unheard of" });
      server.tell("turn/started", { threadId: server.threadId, turn: turn(turnIdOf(99)) });
    },
  };
}

/**
 * Ends the turn with another status.
 * @param {string} status
 * @returns {Hooks}
 */
export function endsAs(status) {
  return {
    emitting({ method, params }, server) {
      if (method !== "turn/completed") return false;
      const ended = { ...turn(server.turnId, "completed"), status };
      server.send({ method, params: { ...params, turn: ended } });
      return true;
    },
  };
}

/**
 * Announces that it has closed the thread.
 * @param {string} when "loaded": after each load; "amid" the turn, which sends no further event.
 * @returns {Hooks}
 */
export function unloads(when) {
  const close = (/** @type {import("./server.mjs").Server} */ server) =>
    server.send({ method: "thread/closed", params: { threadId: server.threadId } });
  if (when === "amid") return { amid: (server) => (close(server), new Promise(() => undefined)) };
  return {
    answering({ method }, answer, server) {
      if (method !== "thread/start" && method !== "thread/resume") return false;
      server.send(answer);
      close(server);
      return true;
    },
  };
}
