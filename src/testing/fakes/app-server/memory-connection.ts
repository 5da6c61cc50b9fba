import type { Line, LineChannel } from "../../../internal/line-channel.js";
import { createDeferred } from "../../../internal/deferred.js";
import { AppServerSession } from "./app-server-session.js";
import type { AppServerState } from "./app-server-state.js";

/**
 * A connection to a fake app-server in this process: its lines are the server's stdout. One life of the server, which
 * ends with `end()`, or where the script says `die`. Bytes and stderr, which only a process has, are left out.
 */
export function connectInMemory(state: AppServerState): LineChannel {
  const waiting: Line[] = [];
  let arrived = createDeferred<void>();
  const ended = new AbortController();
  const wake = (): void => {
    arrived.resolve();
    arrived = createDeferred();
  };
  const end = (): void => {
    if (ended.signal.aborted) return;
    ended.abort();
    session.end();
    wake();
  };
  const session = new AppServerSession(state, {
    codexHome: "/codex-home",
    cwd: "/",
    writeLine: (text) => {
      waiting.push({ text, truncated: false });
      wake();
    },
    perform: async (part) => {
      if (part.type === "die" || part.type === "closeStdout") end();
    },
  });
  return {
    lines: (async function* () {
      for (;;) {
        if (waiting.length > 0) yield waiting.splice(0);
        else if (ended.signal.aborted) return;
        else await arrived.promise;
      }
    })(),
    write: async (line) => {
      if (ended.signal.aborted) throw new Error("the fake app-server has ended");
      session.receive(line);
    },
    end,
  };
}
