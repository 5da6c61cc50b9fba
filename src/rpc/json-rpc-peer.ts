import { AbortedError } from "../errors/aborted-error.js";
import { CodexError } from "../errors/codex-error.js";
import { TransportClosedError } from "../errors/transport-closed-error.js";
import { createDeferred } from "../internal/deferred.js";
import { type JsonValue, toWellFormedJson } from "../internal/json.js";
import { createLimiter } from "../internal/limiter.js";
import type { Line, LineChannel } from "../internal/lines/line-channel.js";
import { withDeadline } from "../internal/time/with-deadline.js";
import type { PeerAnswer, PeerMessage } from "./peer-message.js";
import { createPendingRequests } from "./pending-requests.js";
import { readMessage } from "./read-message.js";
import { type OverloadRetry, repeatOnOverload } from "./retry-on-overload.js";
import { RpcTimeoutError } from "./rpc-errors.js";

export type { PeerMessage } from "./peer-message.js";

export interface JsonRpcPeerOptions {
  /**
   * Receives every message of the other side that is no response, in order. Must return at once and must not throw: nothing is
   * read meanwhile. Default: messages are ignored.
   */
  readonly onMessage?: ((message: PeerMessage) => void) | undefined;
  /** The deadline of a request without `timeoutMs`, in milliseconds. Default: 60,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** The limit of unanswered requests; others wait in order. Default: 64, because the app-server loses replies over 200. */
  readonly maxInFlight?: number | undefined;
  /** Returns the reason why the channel ended, if its owner knows it (`AgentProcess.describeExit`). */
  readonly describeClose?: (() => CodexError | Promise<CodexError>) | undefined;
  /** Removes secrets from the texts of an error response. */
  readonly redact?: ((text: string) => string) | undefined;
  /** The delays between the attempts of a request with `retryOverload`. */
  readonly overloadRetry?: OverloadRetry | undefined;
}

export interface RequestOptions {
  /** If it fires before the request is sent, the request is never sent; after that, the answer is ignored. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Milliseconds from the call to the answer, including the wait for a place in flight and all attempts. `Infinity`: no
   * deadline.
   */
  readonly timeoutMs?: number | undefined;
  /** Retries while the server is overloaded. For requests that only read. */
  readonly retryOverload?: boolean | undefined;
}

interface SentRequest {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
  /** The part of `timeoutMs` that earlier attempts have left. Default: all of it. */
  readonly remainingMs?: number;
}

export interface JsonRpcPeer {
  /**
   * @throws RpcError, RpcOverloadedError, RpcTimeoutError, AbortedError, TransportClosedError or the error of
   * `describeClose`; a CodexError with code PROTOCOL_ERROR if the answer is truncated or empty.
   */
  request(method: string, params?: JsonValue, options?: RequestOptions): Promise<JsonValue>;
  notify(method: string, params?: JsonValue): Promise<void>;
  /** Resolves when no request is pending and no message can be sent any more. Never rejects. */
  readonly closed: Promise<void>;
  /** Rejects all pending requests with `reason` and ends our output. No further message is emitted. Idempotent. */
  close(reason?: CodexError): void;
}

/**
 * JSON-RPC, without the `jsonrpc` member, over a channel of lines. It does not depend on codex. A response settles its
 * request when it is read; every other message is passed to `onMessage`, so that a server request never delays the reading.
 * The end of the connection rejects every pending request with a typed error.
 */
export function createJsonRpcPeer(channel: LineChannel, options: JsonRpcPeerOptions = {}): JsonRpcPeer {
  const {
    onMessage = () => undefined,
    requestTimeoutMs = 60_000,
    maxInFlight = 64,
    describeClose,
    redact,
    overloadRetry = {},
  } = options;
  const limiter = createLimiter(maxInFlight);
  const pending = createPendingRequests(redact);
  const closed = createDeferred<undefined>();
  const closing = new AbortController();
  let closedBy: CodexError | undefined;

  async function requestOnce(
    method: string,
    params: JsonValue | undefined,
    { signal, timeoutMs, remainingMs = timeoutMs }: SentRequest,
  ): Promise<JsonValue> {
    // Most requests are sent at once and cannot be aborted in the queue.
    const leaveQueue = limiter.full ? new AbortController() : null;
    let id: number | undefined;
    const giveUp = (error: CodexError): CodexError => {
      if (id === undefined) leaveQueue?.abort();
      else pending.giveUp(id, error);
      return error;
    };
    const answered = limiter.run(() => {
      const sent = pending.add(method);
      id = sent.id;
      send({ id, method, params }).catch((error: unknown) => sent.reject(error));
      return sent.answer;
    }, leaveQueue?.signal);
    return withDeadline(answered, {
      timeoutMs: remainingMs,
      background: true,
      signal,
      onTimeout: () => giveUp(new RpcTimeoutError(method, timeoutMs, id !== undefined)),
      onAbort: (reason) => giveUp(new AbortedError(reason)),
    });
  }

  async function send(message: Record<string, unknown>): Promise<void> {
    if (closedBy !== undefined) throw closedBy;
    try {
      await channel.write(toWellFormedJson(message));
    } catch (error) {
      throw CodexError.isInstance(error) ? error : new TransportClosedError(undefined, { cause: error });
    }
  }

  function receive(line: Line): void {
    const { text: raw, truncated } = line;
    const message = readMessage(line);
    switch (message.kind) {
      case "notification":
        return onMessage({ kind: "notification", method: message.method, message: message.message, raw });
      case "request":
        // Without its params the request can only be refused. Codex would wait for an answer forever.
        if (truncated)
          onMessage({ kind: "malformed", raw, truncated, problem: "The request is longer than the bound." });
        return onMessage({ ...message, raw, respond: createResponder(message.id) });
      case "malformed":
        return onMessage({ ...message, raw, truncated });
      default: {
        const problem = pending.settle(message);
        if (problem !== undefined) onMessage({ kind: "malformed", raw, truncated, problem });
      }
    }
  }

  function createResponder(id: string | number): (answer: PeerAnswer) => Promise<void> {
    let answered = false;
    return async (answer) => {
      if (answered) return;
      answered = true;
      const body = answer.kind === "result" ? { result: answer.result } : { error: answer.error };
      await send({ id, ...body }).catch(() => undefined);
    };
  }

  async function read(): Promise<void> {
    try {
      // After `close()` the rest is read and discarded, so that the other side can end without a full pipe.
      for await (const batch of channel.lines) {
        for (const line of batch) if (closedBy === undefined) receive(line);
      }
      settle(describeClose === undefined ? new TransportClosedError() : await describeClose());
    } catch (error) {
      settle(CodexError.isInstance(error) ? error : new TransportClosedError(undefined, { cause: error }));
    }
    channel.end();
  }

  function settle(reason: CodexError): void {
    if (closedBy !== undefined) return;
    closedBy = reason;
    limiter.close(reason);
    pending.rejectAll(reason);
    closing.abort();
    closed.resolve(undefined);
  }

  void read();

  return {
    async request(method, params, request = {}) {
      if (closedBy !== undefined) throw closedBy;
      if (request.signal?.aborted === true) throw new AbortedError(request.signal.reason);
      const { signal, timeoutMs = requestTimeoutMs, retryOverload = false } = request;
      if (!retryOverload) return requestOnce(method, params, { signal, timeoutMs });
      const deadline = performance.now() + timeoutMs;
      const attempt = (): Promise<JsonValue> => {
        const remainingMs = Math.max(0, deadline - performance.now());
        return requestOnce(method, params, { signal, timeoutMs, remainingMs });
      };
      return repeatOnOverload(attempt, overloadRetry, { signal, closing: closing.signal, deadline, background: true });
    },
    notify: (method, params) => send({ method, params }),
    closed: closed.promise,
    close(reason = new TransportClosedError()) {
      settle(reason);
      channel.end();
    },
  };
}
