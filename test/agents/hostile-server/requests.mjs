// Requests of the server that a client cannot expect. The turn waits for their responses.
import { commandApproval } from "./wire.mjs";

/**
 * @typedef {import("./server.mjs").Hooks} Hooks
 * @typedef {import("./server.mjs").Server} Server
 */

const approval = "item/commandExecution/requestApproval";

/** @type {Readonly<Record<string, (server: Server) => unknown>>} */
const questions = {
  unknown: (server) => server.ask({ id: "q1", method: "item/future/ask", params: paramsOf(server) }),
  // The request names no thread, so no turn can receive it.
  homeless: (server) => server.ask({ id: "q1", method: "item/future/ask", params: {} }),
  noParams: (server) => server.ask({ id: "q1", method: approval }),
  emptyParams: (server) => server.ask({ id: "q1", method: approval, params: { threadId: server.threadId } }),
  duplicate: (server) => {
    const request = { id: "q1", method: approval, params: paramsOf(server) };
    server.send(request);
    return server.ask(request);
  },
  // The id is also one of the client's own.
  sameId: (server) => server.ask({ id: 1, method: approval, params: paramsOf(server) }),
  // The request is neither withdrawn nor awaited.
  forgotten: (server) => void server.ask({ id: "q1", method: approval, params: paramsOf(server) }),
  many: (server) =>
    Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        // Each asks about a command of its own: codexkit ends a turn in which two commands have one id.
        server.ask({ id: `q${index}`, method: approval, params: { ...paramsOf(server), itemId: `call_${index}` } }),
      ),
    ),
};

/**
 * @param {string} kind
 * @returns {Hooks}
 */
export function asks(kind) {
  return {
    async amid(server) {
      await questions[kind]?.(server);
    },
  };
}

/** @param {Server} server */
function paramsOf({ threadId, turnId }) {
  return commandApproval(threadId, turnId);
}
