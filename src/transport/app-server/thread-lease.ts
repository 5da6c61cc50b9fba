import type { JsonObject } from "../../internal/json.js";
import type { TurnMessage } from "../transport.js";
import type { AppServerConnection } from "./app-server-connection.js";
import type { ThreadRoute } from "./event-router.js";

/** A thread that is loaded in an app-server process. */
export interface LoadedThread {
  readonly connection: AppServerConnection;
  readonly threadId: string;
}

/** A turn's temporary hold on a loaded thread: the thread stays loaded until `release()`. */
export interface ThreadLease extends LoadedThread {
  /** The messages of the thread from now on. */
  readonly route: ThreadRoute;
  /** The thread has host tools that sub-agents without its history do not receive. */
  readonly toolsStayWithThread: boolean;
  /** Whether a sub-agent that starts has permissions of an earlier turn that allow its commands more than this turn. */
  readonly exceeds: (agentThreadId: string) => boolean;
  /** Events that precede the turn, such as the warning that the process was restarted. */
  readonly notices: readonly TurnMessage[];
  /** The settings of the turn, as parameters of `turn/start`. */
  readonly params: JsonObject;
  /** Records that codex has accepted the settings. */
  commit(): void;
  /** Ends the hold. `stored`: codex has written the turn to disk, so that the thread can be resumed. */
  release(end: { readonly stored: boolean }): void;
}
