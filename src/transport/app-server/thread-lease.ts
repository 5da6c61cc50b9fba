import type { AppServerConnection } from "./app-server-connection.js";

/** A thread that is loaded in a certain app-server process, and what that process has in force for it. */
export interface LoadedThread {
  readonly connection: AppServerConnection;
  readonly threadId: string;
}

/** A loaded thread in the hands of a turn. */
export interface AcquiredThread {
  readonly loaded: LoadedThread;
  /** The turn is over; `stored` says that codex has put it on disk, so that the thread can be resumed. */
  readonly release: (end: { readonly stored: boolean }) => void;
}
