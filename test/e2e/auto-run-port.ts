import type { Thread } from "../../src/index.js";
import type { AutoRunThread } from "../../src/thread/auto-run/auto-run-thread.js";

/** The thread as `runAuto()` hands it on. */
export function toPort(thread: Thread): AutoRunThread {
  return {
    get id() {
      return thread.id;
    },
    openTurn: (input, options) => thread.runStreamed(input, options),
    toState: () => (thread.id === null ? null : thread.toJSON()),
  };
}
