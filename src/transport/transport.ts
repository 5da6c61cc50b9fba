import type { JsonObject, JsonValue } from "../internal/json.js";
import type { ServerRequestAnswer, ThreadEvent } from "../protocol/index.js";
import type { ServerRequest } from "../protocol/methods/server-request-answer.js";
import type { StoredTools } from "../tools/stored-tools.js";
import type { ToolDefinition } from "../tools/tool-definition.js";
import type { SharedOptions, ThreadOptions, TransportName } from "./options/options.js";

export { checkChange, withoutNewOnly } from "./options/check-change.js";
export { checkOptions } from "./options/check-options.js";
export { checkProvider } from "./config/provider-config.js";
export type { ServerRequest } from "../protocol/methods/server-request-answer.js";
export { nearestName } from "./options/nearest-name.js";
export type {
  CodexConfigObject,
  CodexConfigValue,
  SharedOptions,
  ThreadOptions,
  TransportOptions,
} from "./options/options.js";

/**
 * A way to talk to codex: the app-server, one exec process per turn, or the in-memory twin of the tests. It is narrow on
 * purpose: values go down by calls, events come up by async iterables, and nothing calls back into the layer above.
 */
export interface Transport {
  readonly name: TransportName;
  /** What this transport cannot do, asked before it is tried. */
  readonly features: TransportFeatures;
  /** Gets codex ready to work: on the app-server its process is started and greeted. Idempotent. */
  ready(signal?: AbortSignal): Promise<TransportInfo>;
  /** A handle to one thread. Cheap and cold: nothing is sent. */
  openThread(spec: ThreadSpec): ThreadConnection;
  /** One raw request of the app-server protocol. */
  request(method: string, params: JsonValue | undefined, options?: RequestOptions): Promise<JsonValue>;
  /** Ends everything at once: running turns are stopped and pending calls rejected. Idempotent. */
  close(): Promise<void>;
}

export interface TransportFeatures {
  readonly steer: boolean;
  /** Whether a thread can be started without a turn, so that its id is known first. */
  readonly start: boolean;
  readonly request: boolean;
  /** Whether a turn that is not pulled holds up codex itself, so that a slow reader need not be buffered for. */
  readonly pushesBack: boolean;
}

/** Which codex answers. */
export interface TransportInfo {
  readonly binaryPath: string | null;
  readonly version: string | null;
  /** Whether `version` is in the range that this release was proven against. */
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
  readonly options: ThreadOptions;
  /** The host's tools; null where the caller gave none. */
  readonly tools?: ThreadTools | null;
  /** Somebody of the host decides what codex asks, and no reviewer of codex's own. */
  readonly asks?: boolean;
}

/** The tools that the host offers on a thread. A call comes back as an `item/tool/call` request, on every transport. */
export interface ThreadTools {
  /** The set of the moment; read whenever codex is told of it. */
  readonly definitions: () => readonly ToolDefinition[];
  /** What codex keeps with the thread, from when it was started; `unknown` for a thread resumed by its bare id. */
  readonly stored: StoredTools | "unknown";
}

/** One thread as its transport knows it. Turns on it must not overlap: the caller queues. */
export interface ThreadConnection {
  /** Starts or resumes the thread now and gives its id. */
  start(signal?: AbortSignal): Promise<string>;
  /** Takes other options from the next turn on; `asks` as in {@link ThreadSpec}. */
  update(options: ThreadOptions, how?: { readonly asks?: boolean }): void;
  /** What codex keeps of tools with the thread, as far as it is known here. */
  readonly storedTools?: StoredTools | "unknown" | undefined;
  /** A turn that starts with the first pull of its messages. */
  openTurn(spec: TurnSpec): TurnConnection;
  /** Lets the thread go. Idempotent. */
  close(): Promise<void>;
  /** Nobody can reach this handle any more: lets go what nobody could resume. It never rejects. */
  abandon(): Promise<void>;
}

export interface TurnSpec {
  readonly input: readonly TurnInputPart[];
  /** What holds for this turn only, over the thread's options. */
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
   * Everything the turn says, in order and in batches. Read once. It ends after the terminal event, and throws a
   * `CodexError` where the turn ended without one.
   */
  readonly messages: AsyncIterable<readonly TurnMessage[]>;
  /** Adds input to the running turn. */
  steer(input: readonly TurnInputPart[], signal?: AbortSignal): Promise<void>;
  /** Asks codex to end the turn; its terminal event still comes by `messages`. */
  interrupt(): Promise<void>;
  /** Ends the turn if it runs, with its commands, and frees what it holds. Idempotent; it never rejects. */
  close(): Promise<void>;
}

export type TurnMessage = TurnEventMessage | TurnRequestMessage;

export interface TurnEventMessage {
  readonly kind: "event";
  readonly event: ThreadEvent;
}

/** Codex asks the client something and waits for the answer. */
export interface TurnRequestMessage {
  readonly kind: "request";
  readonly request: ServerRequest;
  /** Answers it, once; a second call and a call after the turn's end do nothing. */
  readonly respond: (answer: ServerRequestAnswer) => void;
}
