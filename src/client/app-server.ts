import { type JsonValue, parseJson } from "../internal/json.js";
import type { ClientMethodName, ParamsOf, ResultOf } from "../protocol/index.js";
import { ProtocolError } from "../errors/protocol-error.js";
import type { RequestOptions } from "../transport/transport.js";

type SendRequest = (method: string, params: JsonValue | undefined, options: RequestOptions) => Promise<JsonValue>;

/**
 * The app-server protocol itself, for what codexkit has no method of its own for: every method of the pinned codex,
 * typed. Throws `UnsupportedFeatureError` on exec.
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
   * Sends one request and gives its checked answer. Throws `RpcError` for codex's own errors, `RpcTimeoutError` past
   * `timeoutMs` (default 60,000 ms), `ProtocolError` for an answer that the protocol does not allow.
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
    throw new ProtocolError(`The app-server's answer to ${method} is not what its protocol says: ${decoded.problem}`);
  }

  /** Sends a request that the pinned protocol does not know, of a newer codex for one. The answer is not checked. */
  async requestRaw(method: string, params?: JsonValue, options: RequestOptions = {}): Promise<JsonValue> {
    return this.#send(method, params, options);
  }
}
