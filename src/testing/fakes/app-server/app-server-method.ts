import { asText, type JsonObject } from "../../../internal/json.js";
import type { ClientMethods } from "../../../protocol/generated/methods.js";
import type { Account } from "../../../protocol/generated/types.js";
import type { FakeThread } from "../turn/fake-thread.js";
import type { TurnPort } from "../turn/turn-port.js";
import type { AppServerState } from "./app-server-state.js";

/** Handles one method of the app-server protocol. Throws an {@link RpcFailure} to answer with an error. */
export type AppServerMethod<Method extends keyof ClientMethods> = (
  params: JsonObject,
  server: RunningAppServer,
) => Handled<ClientMethods[Method]["result"]>;

/** The response to a request, and the actions before and after it. */
export interface Handled<Result = unknown> {
  readonly before?: () => void;
  readonly result: Result;
  readonly after?: () => void;
}

/** One process of the fake app-server, as the methods see it. */
export interface RunningAppServer extends TurnPort {
  readonly state: AppServerState;
  readonly codexHome: string;
  /** The working directory of the process. */
  readonly cwd: string;
  /** The ids of the threads that this process has loaded. */
  readonly loaded: Set<string>;
  initialized: boolean;
  account: Account | null;
}

/** Answers a request with an error. Default code: -32600, which codex uses for nearly every error. */
export class RpcFailure extends Error {
  readonly code: number;

  constructor(message: string, code = -32600) {
    super(message);
    this.code = code;
  }
}

/** Returns the loaded thread that `params` name. */
export function findThread(params: JsonObject, { loaded, state }: RunningAppServer): FakeThread {
  const id = asText(params["threadId"]) ?? "";
  const thread = loaded.has(id) ? state.threads.get(id) : undefined;
  if (thread === undefined) throw new RpcFailure(`thread not found: ${id}`);
  return thread;
}
