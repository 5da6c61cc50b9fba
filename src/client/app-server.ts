import { type JsonValue, parseJson } from "../internal/json.js";
import type { ClientMethodName, ParamsOf, ResultOf } from "../protocol/index.js";
import { ProtocolError } from "../errors/protocol-error.js";
import type { RequestOptions } from "../transport/transport.js";

type SendRequest = (method: string, params: JsonValue | undefined, options: RequestOptions) => Promise<JsonValue>;

/**
 * Direct access to the app-server protocol: every method of the pinned codex, with types. Every call rejects with
 * `UnsupportedFeatureError` on exec.
 *
 * @example
 * ```ts
 * import { Codex } from "codexkit";
 *
 * await using codex = new Codex();
 * const { data } = await codex.appServer.request("model/list", {});
 * console.log(data.map(({ id }) => id));
 * ```
 */
export class AppServer {
  readonly #send: SendRequest;

  /** @internal */
  constructor(send: SendRequest) {
    this.#send = send;
  }

  /**
   * Sends one request and resolves with its checked answer. Rejects with `RpcError` for errors of codex, `RpcTimeoutError`
   * after `timeoutMs` (default 60,000 ms), and `ProtocolError` for an answer that the protocol does not allow. If the
   * app-server is overloaded, a request that only reads (`model/list`, `thread/read`) is sent up to three times within
   * `timeoutMs`; any other rejects with `RpcOverloadedError`: see `retryOnOverload()`.
   */
  async request<M extends ClientMethodName>(
    method: M,
    params: ParamsOf<M>,
    options: RequestOptions = {},
  ): Promise<ResultOf<M>> {
    const sent = params === undefined ? undefined : parseJson(JSON.stringify(params));
    const { decodeResult } = await import("../protocol/index.js");
    const decoded = decodeResult(method, await this.#send(method, sent, options));
    if (decoded.ok) return decoded.value;
    throw new ProtocolError(`The app-server's answer to ${method} does not match its protocol: ${decoded.problem}`);
  }

  /** Sends a request that the pinned protocol lacks, for example one of a newer codex. The answer is not checked. */
  async requestRaw(method: string, params?: JsonValue, options: RequestOptions = {}): Promise<JsonValue> {
    return this.#send(method, params, options);
  }
}
