import type { CodexError } from "../../errors/codex-error.js";
import { createLimiter, type Limiter } from "../../internal/limiter.js";
import { isJsonObject, type JsonValue } from "../../internal/json.js";
import { keepAlive } from "../../internal/time/keep-alive.js";
import { stopPlans } from "../../process/stop/stop-process.js";
import {
  type ClientMethods,
  decodeNotification,
  decodeResult,
  refuseServerRequest,
  type ServerEvent,
  type ServerRequestAnswer,
  type ThreadEvent,
  toProtocolWarning,
} from "../../protocol/index.js";
import { isReadMethod } from "../../protocol/methods/read-methods.js";
import { createJsonRpcPeer, type JsonRpcPeer, type PeerMessage } from "../../rpc/json-rpc-peer.js";
import { TransportClosedError } from "../../errors/transport-closed-error.js";
import { publish } from "../../telemetry/channels.js";
import { toExitError } from "../launch/exit-error.js";
import type { LaunchedCodex } from "../launch/launch-codex.js";
import { ProtocolError } from "../../errors/protocol-error.js";
import { redactEvent } from "../launch/redact-event.js";
import type { ThreadOptions, TransportOptions } from "../options/options.js";
import type { RequestOptions } from "../transport.js";
import { EventRouter } from "./event-router.js";
import type { RunningAgent } from "./agent-registry.js";
import { noteByEnvironment } from "../../process/stop/note-by-environment.js";
import { LoadedThreads } from "./loaded-threads.js";
import { readCutEnd } from "./turn-messages.js";
import type { EnvironmentMarker } from "../../process/stop/process-entry.js";

/** The number of concurrent `thread/start` requests. More of them slow each other down. */
const maxStartsAtOnce = 4;

/** Milliseconds that codex may take to answer when a thread is unloaded. */
const goodbyeTimeoutMs = 5_000;

/** One app-server process: sends requests and routes messages. When the process ends, everything that waits for it ends. */
export class AppServerConnection {
  readonly router = new EventRouter((agent) => void this.#endOrphan(agent));
  readonly starts: Limiter = createLimiter(maxStartsAtOnce);
  readonly threads: LoadedThreads;
  readonly #launched: LaunchedCodex;
  readonly #keepRaw: boolean;
  readonly #peer: JsonRpcPeer;
  readonly #pump: Promise<void>;
  #closing: Promise<void> | null = null;
  #ended = false;
  #reason: CodexError | null = null;

  constructor(launched: LaunchedCodex, { keepRaw = false }: Pick<TransportOptions, "keepRaw"> = {}) {
    const { agent, redact } = launched;
    this.#keepRaw = keepRaw;
    this.#launched = launched;
    this.#peer = createJsonRpcPeer(agent, {
      onMessage: (message) => this.#route(message),
      describeClose: async () => toExitError(await agent.describeExit()),
      redact,
    });
    this.threads = new LoadedThreads({
      isAtWork: async (threadId) => {
        const { data } = await this.call(
          "thread/backgroundTerminals/list",
          { threadId },
          { timeoutMs: goodbyeTimeoutMs },
        );
        return data.length > 0;
      },
      unsubscribe: (threadId) => this.call("thread/unsubscribe", { threadId }, { timeoutMs: goodbyeTimeoutMs }),
    });
    // Only code that waits for the process keeps the host program alive.
    agent.unref();
    this.#pump = this.#run();
  }

  /** Removes the secrets of a thread's configuration from the errors and warnings of this process. */
  protect(options: ThreadOptions): void {
    this.#launched.protect(options);
  }

  /** The environment variable that identifies the descendants of this process. */
  get marker(): EnvironmentMarker {
    return this.#launched.marker;
  }

  /** Whether the process has ended or is being ended. */
  get ended(): boolean {
    return this.#ended || this.#closing !== null;
  }

  /** Why the process ended, once it has. */
  get reason(): CodexError | null {
    return this.#reason;
  }

  /** Resolves when the process can answer no more. */
  get gone(): Promise<void> {
    return this.#pump;
  }

  /** Sends a request of the caller. It keeps the host program alive until it is answered or aborted. */
  async request(method: string, params: JsonValue | undefined, options: RequestOptions = {}): Promise<JsonValue> {
    const endKeepAlive = keepAlive();
    try {
      return await this.#send(method, params, options);
    } finally {
      endKeepAlive();
    }
  }

  /**
   * Sends a request and checks its answer against the protocol. It does not keep the host program alive: the caller does, as
   * long as it waits for the answer.
   */
  async call<M extends keyof ClientMethods>(
    method: M,
    params: JsonValue | undefined,
    options: RequestOptions = {},
  ): Promise<ClientMethods[M]["result"]> {
    const decoded = decodeResult(method, await this.#send(method, params, options));
    if (decoded.ok) return decoded.value;
    throw new ProtocolError(`The app-server's answer to ${method} does not match its protocol: ${decoded.problem}`);
  }

  /** Repeats a request that only reads if codex is overloaded. Any other request is the caller's to repeat. */
  async #send(method: string, params: JsonValue | undefined, options: RequestOptions): Promise<JsonValue> {
    const { signal, timeoutMs } = options;
    return this.#peer.request(method, params, { signal, timeoutMs, retryOverload: isReadMethod(method) });
  }

  async notify(method: string): Promise<void> {
    await this.#peer.notify(method, undefined);
  }

  /** Ends the process with all its descendants. Everything pending rejects with `reason`. Idempotent. */
  close(reason: CodexError = new TransportClosedError()): Promise<void> {
    this.#closing ??= this.#close(reason);
    return this.#closing;
  }

  async #close(reason: CodexError): Promise<void> {
    this.#reason = reason;
    const endKeepAlive = keepAlive();
    this.router.end(reason);
    this.starts.close(reason);
    this.#peer.close(reason);
    await this.#launched.stop(stopPlans.appServer);
    endKeepAlive();
  }

  async #run(): Promise<void> {
    await this.#peer.closed;
    this.#ended = true;
    const reason = toExitError(await this.#launched.agent.describeExit());
    // Descendants that outlived a crash, such as a shell, end too.
    await this.close(reason);
  }

  /** Ends a sub-agent that codex has started for a turn that is over. */
  async #endOrphan({ threadId, turnId }: RunningAgent): Promise<void> {
    const how = { timeoutMs: goodbyeTimeoutMs };
    try {
      await this.call("turn/interrupt", { threadId, turnId }, how);
      await this.call("thread/backgroundTerminals/clean", { threadId }, how);
    } catch {
      // The process has ended, or the agent has.
    }
    const killLeftovers = await noteByEnvironment({ name: "CODEX_THREAD_ID", value: threadId });
    await killLeftovers();
  }

  #route(message: PeerMessage): void {
    switch (message.kind) {
      case "notification": {
        const decoded = decodeNotification(message.message, this.#keepRaw ? message.raw : undefined);
        const event = redactEvent(decoded, this.#launched.redact);
        if (event.type === "thread.closed") this.threads.closed(event.threadId);
        if (isThreadEvent(event)) {
          this.router.route(event.threadId, { kind: "event", event });
        } else publish("process", () => ({ phase: "event", operation: this.#launched.operation, event }));
        return;
      }
      case "request": {
        const threadId = threadIdOf(message.params);
        const { id, method, params } = message;
        const respond = (answer: ServerRequestAnswer): void => void message.respond(answer);
        const routed =
          threadId !== null &&
          this.router.route(threadId, {
            kind: "request",
            request: { id, method, params: params ?? null, threadId },
            respond,
          });
        if (!routed) respond(refuseServerRequest(method));
        return;
      }
      case "malformed":
        this.router.broadcast(
          redactEvent(
            toProtocolWarning(message.problem, { text: message.raw, truncated: message.truncated }),
            this.#launched.redact,
          ),
        );
        if (message.truncated) this.#routeCutEnd(message.raw);
    }
  }

  #routeCutEnd(line: string): void {
    const event = readCutEnd(line);
    if (event !== null) this.router.route(event.threadId, { kind: "event", event });
  }
}

function isThreadEvent(event: ServerEvent): event is ThreadEvent & { readonly threadId: string } {
  return event.threadId !== null;
}

function threadIdOf(params: JsonValue | undefined): string | null {
  if (!isJsonObject(params)) return null;
  const id = params["threadId"] ?? params["conversationId"];
  return typeof id === "string" ? id : null;
}
