import type { JsonObject, JsonValue } from "../internal/json.js";
import type { ServerRequestAnswer, ThreadEvent, VersionStanding } from "../protocol/index.js";
import type { AgentOrigin, ServerRequest } from "../protocol/methods/server-request-answer.js";
import type { StoredTools } from "../tools/stored-tools.js";
import type { ToolDefinition } from "../tools/tool-definition.js";
import type { StoredTurn } from "./history/stored-turns.js";
import type { SharedOptions, ThreadOptions, TransportName } from "./options/options.js";

export { checkChange, checkFixedSandbox, withoutNewOnly } from "./options/check-change.js";
export { checkOptions } from "./options/check-options.js";
export { checkTrust } from "./guard/check-trust.js";
export { checkHooksAreTrusted } from "./config/config-hooks.js";
export { checkProvider } from "./config/provider-config.js";
export type { StoredTurn } from "./history/stored-turns.js";
export type { AgentOrigin, ServerRequest } from "../protocol/methods/server-request-answer.js";
export type {
  CodexConfigObject,
  CodexConfigValue,
  ProtectedPath,
  SharedOptions,
  ThreadOptions,
  TransportOptions,
} from "./options/options.js";

/**
 * A way to communicate with codex: the app-server, one exec process per turn, or the in-memory transport for tests. The
 * interface is narrow: callers pass values by method calls and read events from async iterables. A transport never calls the
 * layer above.
 */
export interface Transport {
  readonly name: TransportName;
  /** The features that differ between transports. Callers check them before use. */
  readonly features: TransportFeatures;
  /** Prepares codex: on the app-server, starts the process and sends `initialize`. Idempotent. */
  ready(signal?: AbortSignal): Promise<TransportInfo>;
  /** Returns a connection to one thread without sending anything. */
  openThread(spec: ThreadSpec): ThreadConnection;
  /** Sends one raw request of the app-server protocol. */
  request(method: string, params: JsonValue | undefined, options?: RequestOptions): Promise<JsonValue>;
  /** Stops all running turns and rejects all pending calls. Idempotent. */
  close(): Promise<void>;
}

export interface TransportFeatures {
  /** Input can be added to a running turn. */
  readonly steer: boolean;
  /** A thread can be started without a turn, so that its id is known before the first turn. */
  readonly start: boolean;
  /** `request()` is supported. */
  readonly request: boolean;
  /** A slow reader slows codex down, so that its events need no buffer. */
  readonly pushesBack: boolean;
}

/** The codex behind a transport. */
export interface TransportInfo {
  readonly binaryPath: string | null;
  readonly version: string | null;
  /** Whether this release was tested with `version`. */
  readonly standing: VersionStanding;
  /** True if `standing` is `proven` or `newer`. */
  readonly supported: boolean;
  readonly codexHome: string | null;
}

export interface RequestOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds until the request rejects with `RPC_TIMEOUT`. Default 60,000. */
  readonly timeoutMs?: number | undefined;
}

export interface ThreadSpec {
  /** The thread to resume, or null for a new one. */
  readonly threadId: string | null;
  /** The thread to resume has had no turn. If codex has lost it, it is started anew. Default: false. */
  readonly unstarted?: boolean;
  readonly options: ThreadOptions;
  /** The host tools, or null if the caller set none. */
  readonly tools?: ThreadTools | null;
  /** The host program has an approval handler. It then decides approvals instead of codex's own reviewer. */
  readonly asks?: boolean;
}

/** The host tools of a thread. On every transport a call arrives as an `item/tool/call` request. */
export interface ThreadTools {
  /** Returns the current set. Called whenever the set is sent to codex. */
  readonly definitions: () => readonly ToolDefinition[];
  /** The set that codex has stored with the thread since its start; `unknown` for a thread that is resumed by its id. */
  readonly stored: StoredTools | "unknown";
}

/** One thread of a transport. Its turns must not overlap: the caller queues them. */
export interface ThreadConnection {
  /** Starts or resumes the thread and resolves with its id. */
  start(signal?: AbortSignal): Promise<string>;
  /** Replaces the options from the next turn on. `asks` is described in {@link ThreadSpec}. */
  update(options: ThreadOptions, how?: { readonly asks?: boolean }): void;
  /** The set of tools that codex has stored with the thread; undefined or `unknown` if it is not known. */
  readonly storedTools?: StoredTools | "unknown" | undefined;
  /** Returns a turn that starts with `run()`. */
  openTurn(spec: TurnSpec): TurnConnection;
  /**
   * Reads the last turns that codex has stored, oldest first. Resolves with null if they cannot be read, and with undefined
   * if the transport stores no threads.
   */
  history?(signal?: AbortSignal): Promise<readonly StoredTurn[] | null | undefined>;
  /** Whether codex has the thread in its memory. Undefined if its memory does not outlive a turn. */
  isLoaded?(signal?: AbortSignal): Promise<boolean | undefined>;
  /** Releases the thread. Idempotent. */
  close(): Promise<void>;
  /** Called after the handle was garbage-collected. Releases the thread if it cannot be resumed. Never rejects. */
  abandon(): Promise<void>;
}

export interface TurnSpec {
  readonly input: readonly TurnInputPart[];
  /** The options of this turn only. They override those of the thread. */
  readonly options: SharedOptions;
  readonly outputSchema: JsonObject | null;
}

/** A part of a turn's input, already checked. Mirrors the app-server's `UserInput`. */
export type TurnInputPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "localImage"; readonly path: string }
  | { readonly type: "image"; readonly url: string }
  | { readonly type: "skill"; readonly name: string; readonly path: string }
  | { readonly type: "mention"; readonly name: string; readonly path: string };

/** One running turn. */
export interface TurnConnection {
  /**
   * Runs the turn, once, and passes its messages to `take`, in order and in batches. Waits for a promise that `take` returns.
   * Resolves after the terminal event. Rejects with a `CodexError` if the turn ended without one, or with the error of
   * `take`.
   */
  run(take: TakeMessages): Promise<void>;
  /** Adds input to the running turn. */
  steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void>;
  /** Asks codex to end the turn. The terminal event still arrives. */
  interrupt(): Promise<void>;
  /** Ends a running turn and its commands, and releases its resources. Idempotent. Never rejects. */
  close(): Promise<void>;
}

/** Receives a batch of messages. Returns a promise if the transport is to wait for the reader. */
export type TakeMessages = (messages: readonly TurnMessage[]) => Promise<void> | undefined;

export type TurnMessage = TurnEventMessage | TurnRequestMessage;

export interface TurnEventMessage {
  readonly kind: "event";
  readonly event: ThreadEvent;
  /** The sub-agent that the event is about; absent if it is about the turn itself. */
  readonly agent?: AgentOrigin;
}

/** A server request. Codex waits for the answer. */
export interface TurnRequestMessage {
  readonly kind: "request";
  readonly request: ServerRequest;
  /** Sends the answer. A second call, or a call after the end of the turn, has no effect. */
  readonly respond: (answer: ServerRequestAnswer) => void;
}
