import { AbortedError } from "../errors/aborted-error.js";
import { CodexError } from "../errors/codex-error.js";
import { TransportClosedError } from "../errors/transport-closed-error.js";
import { BatchQueue } from "../internal/batch-queue.js";
import { createDeferred } from "../internal/deferred.js";
import type { JsonValue } from "../internal/json.js";
import { createLimiter } from "../internal/limiter.js";
import type { Line, LineChannel } from "../internal/lines/line-channel.js";
import { withDeadline } from "../internal/with-deadline.js";
import type { PeerAnswer, PeerMessage } from "./peer-message.js";
import { createPendingRequests } from "./pending-requests.js";
import { readMessage } from "./read-message.js";
import { retryOverloaded, type OverloadRetry } from "./retry-overloaded.js";
import { RpcTimeoutError } from "./rpc-errors.js";

export type { PeerMessage } from "./peer-message.js";

export interface JsonRpcPeerOptions {
  /** Deadline of a request that sets none, in milliseconds. Default: 60,000. */
  readonly requestTimeoutMs?: number | undefined;
  /** Requests sent and not yet answered; the rest waits in order. Default: 64, for the app-server loses replies over 200. */
  readonly maxInFlight?: number | undefined;
  /** Why the channel ended, where its owner knows more than that it did (`AgentProcess.describeExit`). */
  readonly describeClose?: (() => CodexError | Promise<CodexError>) | undefined;
  /** Takes secrets out of what the server says in an error. */
  readonly redact?: ((text: string) => string) | undefined;
  readonly overloadRetry?: OverloadRetry | undefined;
}

export interface RequestOptions {
  /** Aborted before the request is sent, it is never sent; later, the answer is ignored. */
  readonly signal?: AbortSignal | undefined;
  /** From the call to the answer, waiting for a place in flight included. `Infinity`: none. */
  readonly timeoutMs?: number | undefined;
  /** Try again while the server says that it is overloaded; each attempt has the whole deadline. For idempotent calls. */
  readonly retryOverload?: boolean | undefined;
}

export interface JsonRpcPeer {
  /**
   * @throws RpcError, RpcOverloadedError, RpcTimeoutError, AbortedError, TransportClosedError or what `describeClose` gave;
   * a CodexError with code PROTOCOL_ERROR where the answer is cut or empty.
   */
  request(method: string, params?: JsonValue, options?: RequestOptions): Promise<JsonValue>;
  notify(method: string, params?: JsonValue): Promise<void>;
  /**
   * All that the other side says of itself, in its order; for one reader. It is held without a bound until it is read:
   * whoever owns the peer reads all the time.
   */
  readonly messages: AsyncIterable<readonly PeerMessage[]>;
  /** Resolves, and never rejects, when nothing is pending any more and nothing can be sent. */
  readonly closed: Promise<void>;
  /** Rejects all that is pending with `reason`, ends `messages` and our output. Idempotent. */
  close(reason?: CodexError): void;
}

/**
 * JSON-RPC, without the `jsonrpc` member, over a channel of lines; it knows nothing of codex. Answers to our requests
 * settle as they are read; everything else goes out by `messages`, so a server request never holds up the reading.
 * Whatever ends the connection settles every pending request with a typed error.
 */
export function createJsonRpcPeer(channel: LineChannel, options: JsonRpcPeerOptions = {}): JsonRpcPeer {
  const { requestTimeoutMs = 60_000, maxInFlight = 64, describeClose, redact, overloadRetry = {} } = options;
  const limiter = createLimiter(maxInFlight);
  const pending = createPendingRequests(redact);
  const messages = new BatchQueue<PeerMessage>();
  const closed = createDeferred<undefined>();
  const closing = new AbortController();
  let closedBy: CodexError | undefined;

  async function requestOnce(
    method: string,
    params: JsonValue | undefined,
    request: RequestOptions,
  ): Promise<JsonValue> {
    const { signal, timeoutMs = requestTimeoutMs } = request;
    // A request that is sent at once, as nearly all are, needs no way out of the queue.
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
      timeoutMs,
      background: true,
      signal,
      onTimeout: () => giveUp(new RpcTimeoutError(method, timeoutMs, id !== undefined)),
      onAbort: (reason) => giveUp(new AbortedError(reason)),
    });
  }

  async function send(message: Record<string, unknown>): Promise<void> {
    if (closedBy !== undefined) throw closedBy;
    try {
      await channel.write(JSON.stringify(message));
    } catch (error) {
      throw CodexError.isInstance(error) ? error : new TransportClosedError(undefined, { cause: error });
    }
  }

  function receive(line: Line): void {
    const { text: raw, truncated } = line;
    const message = readMessage(line);
    switch (message.kind) {
      case "notification":
        return messages.push({ ...message, raw });
      case "request":
        return messages.push({ ...message, raw, respond: createResponder(message.id) });
      case "malformed":
        return messages.push({ ...message, raw, truncated });
      default: {
        const problem = pending.settle(message);
        if (problem !== undefined) messages.push({ kind: "malformed", raw, truncated, problem });
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
      // After `close()` the rest is read and thrown away, so that the other side can end without a full pipe.
      for await (const batch of channel.lines) {
        if (closedBy === undefined) batch.forEach(receive);
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
    messages.end();
    closing.abort();
    closed.resolve(undefined);
  }

  void read();

  return {
    async request(method, params, request = {}) {
      if (closedBy !== undefined) throw closedBy;
      if (request.signal?.aborted === true) throw new AbortedError(request.signal.reason);
      const attempt = (): Promise<JsonValue> => requestOnce(method, params, request);
      if (request.retryOverload !== true) return attempt();
      return retryOverloaded(attempt, { signal: request.signal, closing: closing.signal }, overloadRetry);
    },
    notify: (method, params) => send({ method, params }),
    messages,
    closed: closed.promise,
    close(reason = new TransportClosedError()) {
      settle(reason);
      channel.end();
    },
  };
}
